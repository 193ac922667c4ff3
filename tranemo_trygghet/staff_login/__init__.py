"""How staff come in: a password, a second factor, and limits on guessing that no attacker can turn on others."""

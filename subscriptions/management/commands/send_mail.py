"""Tell those who follow what is new. For cron or a systemd timer, every minute; two at once do no harm."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from subscriptions import news
from subscriptions.models import Mail, Subscription
from subscriptions.sending import Outcome, Run


class Command(BaseCommand):
    help = "Skickar mejl om det som är nytt, och raderar adresser som ingen har bekräftat på en vecka."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="Försök även med de mejl som servern har nekat.")

    def handle(self, *args: Any, **options: Any) -> None:
        Subscription.objects.erase_forgotten()
        if options["again"]:
            Mail.objects.try_again()
        news.announce_all()
        self._tell(Run().empty_the_outbox())

    def _tell(self, outcome: Outcome) -> None:
        """Numbers alone, and nothing when nothing happened: this ends up in a log."""
        waiting, given_up = Mail.objects.waiting().count(), Mail.objects.given_up().count()
        if outcome.sent or waiting:
            self.stdout.write(f"{outcome.sent} mejl skickade, {waiting} väntar, {given_up} har servern nekat för gott.")
        if outcome.has_server_fault:
            self.stderr.write(
                "E-postservern svarade inte som den skulle. Det som väntar skickas vid en senare körning."
            )

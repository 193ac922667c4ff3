"""A question that is asked often gives the same rows as the queryset that it is made from."""

from __future__ import annotations

import pytest

from promises.models import Promise
from promises.often import Often
from promises.tests.make import make_promise

pytestmark = pytest.mark.django_db


def test_it_finds_what_the_queryset_finds_in_one_query_and_nothing_else(django_assert_num_queries) -> None:
    published, draft = make_promise(slug="ett"), make_promise(slug="utkast", published=False)
    often = Often(lambda slug: Promise.objects.published().at_address(slug))
    found = {published.slug: published, draft.slug: None, "annat": None}
    for slug, expected in found.items():
        with django_assert_num_queries(1):
            assert often.find(slug) == expected


def test_what_the_queryset_defers_is_read_when_it_is_asked_for(django_assert_num_queries) -> None:
    make_promise(slug="ett", title="Ett löfte")
    found = Often(lambda slug: Promise.objects.at_address(slug).defer("title")).find("ett")
    with django_assert_num_queries(1):
        assert found is not None
        assert found.title == "Ett löfte"

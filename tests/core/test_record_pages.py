"""What a record's pages do beyond editing: history, two people at once, sent twice, many at once, search, reveal."""

import pytest
from django.urls import reverse

from core.models import AuditRow
from tests.factories import AdoptionFactory, HamletFactory, VillageFactory
from villages.models import Adoption, Hamlet

pytestmark = pytest.mark.django_db


@pytest.fixture
def hamlet(cast):
    return HamletFactory(village=cast.home, name="那蒙坡", households=40)


def fields(hamlet, **changes) -> dict:
    given = {
        "village": hamlet.village_id,
        "name": hamlet.name,
        "households": hamlet.households,
        "_version": hamlet.version,
    }
    return given | changes


class TestHistory:
    def test_it_says_who_changed_what_and_sets_it_back_with_a_reason(self, cast, client, hamlet):
        client.force_login(cast["clerk"])
        client.post(f"/villages/hamlets/{hamlet.pk}/edit/", fields(hamlet, households=44))
        page = client.get(f"/villages/hamlets/{hamlet.pk}/history/").content.decode()
        assert "clerk先生" in page and "户数" in page and ">40<" in page and ">44<" in page
        number = AuditRow.objects.get(verb="update").pk
        refused = client.post(f"/villages/hamlets/{hamlet.pk}/history/", {"number": number, "reason": " "})
        assert refused.status_code == 422
        client.post(f"/villages/hamlets/{hamlet.pk}/history/", {"number": number, "reason": "填错了"})
        hamlet.refresh_from_db()
        assert hamlet.households == 40
        assert AuditRow.objects.order_by("-pk").first().reason == "填错了"

    def test_another_records_change_restores_nothing(self, cast, client, hamlet):
        other = HamletFactory(village=cast.home, households=1)
        client.force_login(cast["clerk"])
        client.post(f"/villages/hamlets/{other.pk}/edit/", fields(other, households=2))
        number = AuditRow.objects.get(verb="update").pk
        answer = client.post(f"/villages/hamlets/{hamlet.pk}/history/", {"number": number, "reason": "x"})
        assert answer.status_code == 422
        hamlet.refresh_from_db()
        assert hamlet.households == 40

    def test_a_reader_sees_and_restores_nothing(self, cast, client, hamlet):
        client.force_login(cast["leader"])
        assert client.get(f"/villages/hamlets/{hamlet.pk}/history/").status_code == 200
        assert client.post(f"/villages/hamlets/{hamlet.pk}/history/", {"number": 1, "reason": "x"}).status_code == 403

    def test_bulk_writes_stand_in_it_too(self, cast, client):
        rows = [AdoptionFactory(village=cast.home, posted_on=None) for _n in range(3)]
        client.force_login(cast["clerk"])
        client.post(
            "/villages/adoptions/bulk/",
            {"do": "set:posted_on", "pk": [r.pk for r in rows], "posted_on": "2013-11-20", "apply": "1"},
        )
        page = client.get(f"/villages/adoptions/{rows[1].pk}/history/").content.decode()
        assert "2013-11-20" in page


class TestTwoAtOnce:
    def save_as(self, client, person, hamlet, **changes):
        client.force_login(person)
        return client.post(f"/villages/hamlets/{hamlet.pk}/edit/", fields(hamlet, **changes))

    def test_the_second_is_told_and_loses_nothing(self, cast, client, hamlet):
        self.save_as(client, cast["district"], hamlet, households=50)
        answer = self.save_as(client, cast["clerk"], hamlet, households=60)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "district先生" in page and "60" in page and "50" in page and "40" in page
        hamlet.refresh_from_db()
        assert hamlet.households == 50

    def test_what_only_one_of_them_changed_is_merged(self, cast, client, hamlet):
        self.save_as(client, cast["district"], hamlet, households=50)
        answer = self.save_as(client, cast["clerk"], hamlet, name="那马坡")
        conflict = answer.context["conflict"]
        assert conflict.clashes == []
        assert {(f.name, f.by_me) for f in conflict.merged} == {("name", True), ("households", False)}
        again = client.post(f"/villages/hamlets/{hamlet.pk}/edit/", dict(conflict.passed))
        assert again.status_code == 302
        hamlet.refresh_from_db()
        assert (hamlet.name, hamlet.households) == ("那马坡", 50)

    def test_the_choice_is_written(self, cast, client, hamlet):
        self.save_as(client, cast["district"], hamlet, households=50)
        conflict = self.save_as(client, cast["clerk"], hamlet, households=60).context["conflict"]
        (clash,) = conflict.clashes
        assert (clash.before, clash.theirs_posted, clash.mine_posted) == ("40", "50", "60")
        client.post(f"/villages/hamlets/{hamlet.pk}/edit/", dict(conflict.passed) | {"households": clash.mine_posted})
        hamlet.refresh_from_db()
        assert hamlet.households == 60

    def test_back_to_the_form_keeps_what_was_typed_and_writes_nothing(self, cast, client, hamlet):
        client.force_login(cast["clerk"])
        answer = client.post(f"/villages/hamlets/{hamlet.pk}/edit/", fields(hamlet, households=61, _again="1"))
        assert answer.status_code == 200 and 'value="61"' in answer.content.decode()
        hamlet.refresh_from_db()
        assert hamlet.households == 40


class TestSentTwice:
    def test_two_identical_posts_make_one_record(self, cast, client):
        client.force_login(cast["clerk"])
        given = {"village": cast.home.pk, "name": "新坡", "_once": "a" * 32}
        first = client.post("/villages/hamlets/new/", given)
        second = client.post("/villages/hamlets/new/", given)
        assert Hamlet.objects.count() == 1
        assert first.url == second.url

    def test_a_refused_form_may_be_sent_again(self, cast, client):
        client.force_login(cast["clerk"])
        given = {"village": cast.home.pk, "name": "", "_once": "b" * 32}
        assert client.post("/villages/hamlets/new/", given).status_code == 422
        client.post("/villages/hamlets/new/", given | {"name": "新坡"})
        assert Hamlet.objects.count() == 1

    def test_each_empty_form_has_a_key_of_its_own(self, cast, client):
        client.force_login(cast["clerk"])
        keys = {client.get("/villages/hamlets/new/").context["once"] for _n in range(3)}
        assert len(keys) == 3 and all(len(key) == 32 for key in keys)


class TestManyAtOnce:
    def test_a_field_is_set_in_all_of_them_or_in_none(self, cast, client):
        rows = [AdoptionFactory(village=cast.home, posted_on=None, adopted_on="2013-05-01") for _n in range(3)]
        client.force_login(cast["clerk"])
        ask = client.post("/villages/adoptions/bulk/", {"do": "set:posted_on", "pk": [r.pk for r in rows]})
        assert ask.status_code == 200 and "批量修改3条" in ask.content.decode()
        given = {"do": "set:posted_on", "pk": [r.pk for r in rows], "apply": "1"}
        early = client.post("/villages/adoptions/bulk/", given | {"posted_on": "2012-01-01"})
        assert early.status_code == 422
        assert not Adoption.objects.filter(posted_on__isnull=False).exists()
        client.post("/villages/adoptions/bulk/", given | {"posted_on": "2013-11-20"})
        assert Adoption.objects.filter(posted_on="2013-11-20").count() == 3

    def test_one_foreign_row_among_them_and_nothing_is_written(self, cast, client):
        own, foreign = AdoptionFactory(village=cast.home, posted_on=None), AdoptionFactory(village=cast.across)
        client.force_login(cast["clerk"])
        given = {"do": "set:posted_on", "pk": [own.pk, foreign.pk], "posted_on": "2013-11-20", "apply": "1"}
        assert client.post("/villages/adoptions/bulk/", given).status_code == 404
        own.refresh_from_db()
        assert own.posted_on is None

    def test_a_field_that_is_not_declared_for_it_can_not_be_set(self, cast, client):
        row = AdoptionFactory(village=cast.home)
        client.force_login(cast["clerk"])
        given = {"do": "set:village", "pk": [row.pk], "village": cast.next_door.pk, "apply": "1"}
        assert client.post("/villages/adoptions/bulk/", given).status_code == 404

    def test_a_reader_sets_nothing(self, cast, client):
        row = AdoptionFactory(village=cast.home)
        client.force_login(cast["leader"])
        given = {"do": "set:posted_on", "pk": [row.pk], "posted_on": "2013-11-20", "apply": "1"}
        assert client.post("/villages/adoptions/bulk/", given).status_code == 403

    def test_they_move_together(self, cast, client):
        rows = [AdoptionFactory(village=cast.home, state="submitted") for _n in range(3)]
        client.force_login(cast["clerk"])
        client.post("/villages/adoptions/bulk/", {"do": "move:confirm", "pk": [r.pk for r in rows]})
        assert Adoption.objects.filter(state="in_force").count() == 3

    def test_given_out_is_what_the_list_shows_and_no_cell_calculates(self, cast, client):
        for name in ("=1+1", "@x", "+86", "-1"):
            HamletFactory(village=cast.home, name=name)
        HamletFactory(village=cast.across, name="别处坡")
        client.force_login(cast["clerk"])
        answer = client.post("/villages/hamlets/bulk/", {"do": "export", "all": "1", "query": ""})
        text = answer.content.decode("utf-8-sig")
        assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
        assert "'=1+1" in text and "'@x" in text and "'+86" in text and "'-1" in text
        assert "别处坡" not in text
        assert AuditRow.objects.get(verb="export").reason == "4"


class TestSearch:
    @pytest.mark.parametrize("text", ["那蒙", "nmp", "namengpo", "那 坡"])
    def test_by_name_and_pinyin(self, cast, client, hamlet, text):
        client.force_login(cast["clerk"])
        assert "那蒙坡" in client.get("/search/", {"q": text}).content.decode()

    def test_by_code(self, cast, client):
        client.force_login(cast["clerk"])
        assert "梁村" in client.get("/search/", {"q": cast.home.code}).content.decode()

    def test_nothing_of_another_territory(self, cast, client):
        HamletFactory(village=cast.across, name="别处坡")
        VillageFactory(code="450109101299", name="别处村")
        client.force_login(cast["clerk"])
        assert "别处" not in client.get("/search/", {"q": "bc"}).content.decode()

    def test_an_administrator_finds_no_business_record(self, cast, client, hamlet):
        client.force_login(cast["sysadmin"])
        assert client.get("/search/", {"q": "那蒙"}).context["found"] == []

    def test_a_renamed_record_is_found_by_its_new_name(self, cast, client, hamlet):
        client.force_login(cast["clerk"])
        client.post(f"/villages/hamlets/{hamlet.pk}/edit/", fields(hamlet, name="新屋坡"))
        assert "新屋坡" in client.get("/search/", {"q": "xwp"}).content.decode()


class TestReveal:
    @pytest.fixture
    def person(self, cast):
        from cadres.models import Person

        return Person.objects.create(village=cast.home, name="周文德", sex="1", phone="13800006027")

    def url(self, person, field="phone"):
        return reverse("core:reveal", args=["cadres.Person", person.pk, field])

    def test_it_is_shown_for_a_reason_that_the_audit_keeps(self, cast, client, person):
        client.force_login(cast["clerk"])
        answer = client.post(self.url(person), {"reason": "通知开会"})
        assert "13800006027" in answer.content.decode()
        row = AuditRow.objects.get(verb="reveal")
        assert (row.reason, row.territory_code) == ("通知开会", cast.home.code)
        assert "6027" not in str(row.after)

    def test_without_a_reason_it_stays_hidden(self, cast, client, person):
        client.force_login(cast["clerk"])
        answer = client.post(self.url(person), {"reason": " "})
        assert answer.status_code == 422 and "13800006027" not in answer.content.decode()
        assert not AuditRow.objects.filter(verb="reveal").exists()

    @pytest.mark.parametrize("name", ["clerk_across", "leader", "sysadmin", "auditor"])
    def test_who_may_not_change_the_record_is_not_shown_it(self, cast, client, person, name):
        client.force_login(cast[name])
        assert client.post(self.url(person), {"reason": "x"}).status_code == 404

    @pytest.mark.parametrize("field", ["name", "nothing", "phone_index"])
    def test_only_sensitive_fields_go_that_way(self, cast, client, person, field):
        client.force_login(cast["clerk"])
        assert client.post(self.url(person, field), {"reason": "x"}).status_code == 404

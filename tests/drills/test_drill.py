"""A drill runs by its plan on a compressed clock, in a record of its own, and stops when something real happens."""

from __future__ import annotations

import pytest

from foedus.compact.clauses import Clauses
from foedus.drills.alerting import Sending
from foedus.drills.course import played
from foedus.drills.lots import answers
from foedus.drills.plan import read_plan
from foedus.drills.running import Drill, Live, stop
from foedus.drills.simulating import BINS, plot, simulate
from foedus.drills.writing import read_reports, report_of, write
from foedus.errors import Conflict, Malformed, Refused
from foedus.response import acts as r
from foedus.verify import verify_record
from tests.alerts.sinks import smtp
from tests.drills.plans import PLAN, written
from tests.plays import HOUR, opened, played_on

FAST = 25_000.0


def test_a_whole_drill(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    drill = Drill(tmp_path / "drill", plan, clauses, speed=FAST)
    depositary = drill.run()
    response = depositary.state.response.responses["R-1"]
    drawn = answers(plan, response.roll)
    assert response.decided is not None
    assert response.closed is not None
    assert response.closed.value == "decided"
    clock = response.clock("convene")
    assert clock is not None
    for party, place in response.acknowledged.items():
        seconds = drawn[party].acknowledges
        assert seconds is not None
        assert place.at >= response.place.at
        assert (place.at - response.place.at).total_seconds() >= seconds - 1
    assert set(response.present) <= {party for party in response.roll if drawn[party].attends is not None}
    record = depositary.state.parties.record
    assert record is not None
    assert record.exercise
    depositary.close()
    report = verify_record(str(tmp_path / "drill"), rules=True)
    assert report.size == depositary.state.size


def test_the_same_seed_draws_the_same_and_nobody_real_declines(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    roll = sorted(clauses.members("guarantors"))
    assert answers(plan, roll) == answers(plan, roll)
    assert [party for party, one in answers(plan, roll).items() if one.declines] in ([], ["XAD"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("seat: UKR/duty", "seat: UKR/cook"), "no seat UKR/cook"),
        (("seat: UKR/duty", "seat: ATL/duty"), "no seat ATL/duty"),
        (("XAD: {declines", "POL: {declines"), "nobody scripts the refusal"),
        (("XAD: {declines", "ZZZ: {declines"), "no party ZZZ"),
        (("hours: 90", "hours: 0"), "hours"),
        (("seed: 7", "seed: 7\nspeed: 5000"), "speed"),
        (("act: Activate,", "act: Explode,"), r"inject 2: .*Explode"),
        (("at: PT30M", "at: PT90H"), "inject 2: PT90H is after the end of the drill, 90 hours"),
        (("starts: 2027-02-24T03:00:00Z", "starts: 2027-02-24T03:00:00"), "zone"),
        (("hours: 90", "hourz: 73"), "hourz"),
        (("title:", "\ttitle:"), "plan.yaml"),
    ],
)
def test_a_plan_that_is_none_is_refused(tmp_path, change, says):
    assert change[0] in PLAN
    with pytest.raises(Malformed, match=says):
        read_plan(written(tmp_path, PLAN.replace(*change)))


def test_the_bundled_plans_are_named_to_whoever_names_none(tmp_path):
    with pytest.raises(Malformed, match=r"bundled plan: .*night-attack"):
        read_plan(tmp_path / "morning-attack")


def test_a_live_record_is_never_touched(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    play = played_on(opened("mare-2030", tmp_path / "live", exercise=False), "mare-2030", "activated")
    record = play.state.parties.record
    assert record is not None
    assert not record.exercise
    play.close()
    before = sorted((path.name, path.stat().st_size) for path in (tmp_path / "live").iterdir())
    with pytest.raises(Refused, match="live record"):
        Drill(tmp_path / "live", plan, clauses)
    assert sorted((path.name, path.stat().st_size) for path in (tmp_path / "live").iterdir()) == before


def test_no_play_stops_it_at_once(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    folder = tmp_path / "drill"
    drill = Drill(folder, plan, clauses, speed=FAST, live=lambda: None)
    with pytest.raises(Conflict, match="nothing to stop"):
        stop(folder, "a real attack")
    with played(folder):
        stop(folder, "a real attack")
        depositary = drill.run()
    assert drill.stopped is not None
    assert drill.stopped.because == "a real attack"
    assert not depositary.state.response.responses
    depositary.close()
    with pytest.raises(Malformed):
        stop(tmp_path, "x")


def test_a_real_event_in_a_live_record_stops_it(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    play = played_on(opened("mare-2030", tmp_path / "live", exercise=False), "mare-2030", "activated")
    live = Live(tmp_path / "live", every=0.0)
    assert live() is None
    drill = Drill(tmp_path / "drill", plan, clauses, speed=20_000.0, live=live)
    reported: list[object] = []

    def report(done: int, of: int) -> None:
        if drill.depositary.state.response.responses and not reported:
            play.at += HOUR
            reported.append(play.somebody(r.ReportIncident))

    depositary = drill.run(report)
    assert reported
    assert reported[0] is not None
    assert drill.stopped is not None
    assert "new report" in drill.stopped.because
    assert depositary.state.response.responses["R-1"].closed is None
    depositary.close()
    play.close()


def test_many_drills_give_the_distribution_of_time_to_quorum(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    found = simulate(plan, clauses, 500)
    assert found == simulate(plan, clauses, 500)
    assert sum(found.bins) == 500
    assert len(found.bins) == BINS + 1
    assert list(found.hours) == sorted(found.hours)
    assert 0 < found.within <= 1
    assert abs(sum(one.makes_it for one in found.hinges) - (1 - found.never)) < 0.01
    assert 'role="img"' in plot(found, "Time to quorum", {"later": "later", "hours": "hours", "drills": "drills"})


def test_who_always_comes_late_makes_no_quorum(tmp_path):
    plan, clauses = read_plan(
        written(tmp_path, PLAN.replace("by_party:\n", "all: {attend: {median: P9D}}\nby_party:\n"))
    )
    assert simulate(plan, clauses, 50).within == 0


def test_a_compact_without_a_quorum_has_none(tmp_path):
    plan, _ = read_plan(written(tmp_path))
    from foedus.compact.loader import load

    with pytest.raises(Malformed, match="nothing to simulate"):
        simulate(plan, Clauses.of(load("unsc-2231-2015")), 10)


def test_the_report_says_how_long_each_party_took(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    drill = Drill(tmp_path / "drill", plan, clauses, speed=FAST)
    depositary = drill.run()
    report = report_of(drill, depositary, {"POL": "refused"})
    response = depositary.state.response.responses["R-1"]
    depositary.close()
    assert {one.party for one in report.parties} == set(response.roll)
    for one in report.parties:
        assert (one.acknowledged is None) == (one.party not in response.acknowledged)
        assert (one.present is None) == (one.party not in response.present)
    assert [one.step for one in report.clocks] == ["acknowledge", "convene", "decide"]
    paths = write(tmp_path / "drill", report, [report], clauses)
    assert read_reports(paths[:1]) == [report]
    english = (tmp_path / "drill/report.en.html").read_text("utf-8")
    assert english.index("EXERCISE") < english.index("After-action report")
    assert english.rindex("EXERCISE") > english.rindex("Seed of the lots")
    assert "ask the person for another" in english
    assert "НАВЧАННЯ" in (tmp_path / "drill/report.uk.html").read_text("utf-8")
    assert all(path.read_bytes().startswith(b"%PDF-") for path in paths if path.suffix == ".pdf")
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(Malformed, match="no report"):
        read_reports([tmp_path / "other.json"])


def test_real_mails_go_to_the_people_of_the_exercise_alone(tmp_path):
    plan, clauses = read_plan(written(tmp_path))
    people = tmp_path / "people.csv"
    people.write_text("seat,name,channel,address,language,pin\nPOL/duty,Ewa,mail,ewa@pl.example,uk,482913\n")
    settings = tmp_path / "alerts.yaml"
    with smtp() as box:
        relay = f"{{host: 127.0.0.1, port: {box.port}, starttls: never, sender: drill@foedus.example}}"
        settings.write_text(f"exercise: true\nmail: {relay}\n")
        drill = Drill(tmp_path / "drill", plan, clauses, speed=20_000.0)
        sending = Sending(drill, settings, people)
        depositary = drill.run(begun=sending.start)
        reached = sending.stop()
        depositary.close()
    assert isinstance(reached["POL"], float)
    assert box.mails
    for mail in box.mails:
        assert mail["To"] == "ewa@pl.example"
        assert mail["Subject"].startswith("НАВЧАННЯ ")
        assert mail["Subject"].endswith(" НАВЧАННЯ")
    settings.write_text("exercise: false\n")
    other = Drill(tmp_path / "another", plan, clauses, speed=FAST)
    with pytest.raises(Refused, match="share neither"):
        Sending(other, settings, people)


def test_no_play_is_sent_to_everybody_whom_the_drill_had_reached_and_to_nobody_else(tmp_path):
    """Over a real SMTP server: an alert came, something real happens, and the same people are told; nothing follows."""
    plan, clauses = read_plan(written(tmp_path))
    people = tmp_path / "people.csv"
    rows = ("POL/duty,Ewa,mail,ewa@pl.example,uk,482913", "NOR/duty,Kari,mail,kari@no.example,en,482913",
            "NOR/head,Per,mail,per@no.example,en,482913")  # fmt: skip
    people.write_text("\n".join(("seat,name,channel,address,language,pin", *rows)) + "\n")
    settings, folder = tmp_path / "alerts.yaml", tmp_path / "drill"
    with smtp() as box:
        relay = f"{{host: 127.0.0.1, port: {box.port}, starttls: never, sender: drill@foedus.example}}"
        settings.write_text(f"exercise: true\nmail: {relay}\nescalate: {{every: PT200H}}\n")
        drill = Drill(folder, plan, clauses, speed=1_000.0)
        sending = Sending(drill, settings, people)

        def real(done: int, of: int) -> None:
            if box.to("ewa@pl.example") and box.to("kari@no.example"):
                stop(folder, "a real attack")

        with played(folder):
            depositary = drill.run(real, sending.start)
        sending.stop(no_play=drill.stopped is not None)
        depositary.close()
    assert drill.stopped is not None
    assert sending.told == 2
    last = {address: box.to(address)[-1] for address in ("ewa@pl.example", "kari@no.example")}
    assert (
        last["kari@no.example"]["Subject"]
        == "EXERCISE NO PLAY: the exercise is stopped, something real has happened EXERCISE"
    )
    assert last["ewa@pl.example"]["Subject"].startswith("НАВЧАННЯ ")
    assert all(mail["X-Foedus-Alert"].startswith("no_play.") for mail in last.values())
    assert not box.to("per@no.example")

"""The ground: settings, logs, queue, static files, sweeps, health, small commands."""

import io
import json
import logging
import multiprocessing
import os
import re
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings
from kombu import Connection

from accounts.models import ApiToken
from accounts.tasks import drain_outbox
from scripts import messages, sources
from tests import factories
from ussd_portal import checks, filebroker, logs, sweeps
from ussd_portal.celery import app, every_minute, last_success_key
from ussd_portal.settings import secret_key_from

ROOT = Path(__file__).resolve().parent.parent.parent


def in_a_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing but `environment` about the portal."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, *code.split(" ", 1)]
        if code.startswith("manage")
        else [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


# --- settings -------------------------------------------------------------------------------


def test_a_variable_of_the_wrong_kind_is_named(tmp_path):
    done = in_a_process("manage.py check", PORT="abc", DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Configuration: PORT: ")
    assert "Traceback" not in done.stderr


def test_the_example_lists_every_variable_that_settings_read():
    read = set(
        re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "ussd_portal/settings.py").read_text())
    )
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert listed == read


def test_the_example_as_it_stands_changes_no_setting(tmp_path):
    code = (
        "import json, re; from ussd_portal import settings as s; "
        "plain = lambda value: re.sub(' at 0x[0-9a-f]+', '', repr(value)); "
        "print(json.dumps({k: plain(v) for k, v in vars(s).items() if k.isupper()}))"
    )
    lines = re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M)
    example = dict(lines) | {"DATA_DIR": str(tmp_path)}
    plain = in_a_process(code, DATA_DIR=str(tmp_path))
    copied = in_a_process(code, **example)
    assert json.loads(copied.stdout) == json.loads(plain.stdout)


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "new" / "secret_key"
    first = secret_key_from(path)
    assert len(first) > 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_key_from(path) == first


# --- logs -----------------------------------------------------------------------------------


def test_what_opens_something_without_a_password_is_blanked_out():
    event = {"event": "request_finished", "request": "GET /calendar/s3cr3t.ics", "code": 200}
    assert logs.without_secrets(None, "info", event)["request"] == "GET /calendar/…"


def test_a_reset_link_loses_its_key_and_keeps_the_rest():
    event = {"event": "Not found: /accounts/password/reset/key/1-abc-def/"}
    blanked = logs.without_secrets(None, "info", event)
    assert blanked["event"] == "Not found: /accounts/password/reset/key/…/"


def test_a_line_of_json_carries_level_logger_time_and_figures():
    form = logs.logging_as("json")["formatters"]["line"]
    logs.logging_as("text")
    formatter = form.pop("()").replace("structlog.stdlib.", "")
    assert formatter == "ProcessorFormatter"
    from structlog.stdlib import ProcessorFormatter

    record = logging.LogRecord("portal", logging.INFO, "", 1, "sent %s", ("5",), None)
    line = json.loads(ProcessorFormatter(**form).format(record))
    assert {key: line[key] for key in ("event", "level", "logger")} == {
        "event": "sent 5",
        "level": "info",
        "logger": "portal",
    }
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


def test_an_unknown_form_of_logs_is_refused():
    with pytest.raises(ValueError, match="LOG_FORMAT is text or json, not 'xml'"):
        logs.logging_as("xml")


# --- the queue of files -----------------------------------------------------------------------


def queue_in(folder: Path, name: str = "celery"):
    """A queue whose messages lie in `folder`."""
    filebroker.register()
    options = {"folder": str(folder), "polling_interval": 0.01}
    connection = Connection("files://", transport_options=options)
    return connection.SimpleQueue(name, no_ack=True)


def put_many(folder: str, worker: int, count: int) -> None:
    """One of several processes that write at the same time."""
    queue = queue_in(Path(folder))
    for number in range(count):
        queue.put({"from": worker, "number": number, "filling": "x" * 20_000})


def test_messages_come_out_in_the_order_in_which_they_went_in(tmp_path):
    queue = queue_in(tmp_path)
    for number in range(5):
        queue.put(number)
    assert queue.qsize() == 5
    assert [queue.get(timeout=1).payload for _ in range(5)] == [0, 1, 2, 3, 4]
    assert list(tmp_path.iterdir()) == []


def test_messages_of_other_queues_stay(tmp_path):
    queue_in(tmp_path, "other").put("theirs")
    queue = queue_in(tmp_path)
    with pytest.raises(queue.Empty):
        queue.get(timeout=0.05)
    assert queue.clear() == 0
    assert queue_in(tmp_path, "other").qsize() == 1


def test_no_message_is_lost_or_read_twice_while_four_processes_write(tmp_path):
    spawn = multiprocessing.get_context("fork")
    writers = [spawn.Process(target=put_many, args=(str(tmp_path), n, 50)) for n in range(4)]
    for writer in writers:
        writer.start()
    queue = queue_in(tmp_path)
    seen = []
    while len(seen) < 200:
        payload = queue.get(timeout=20).payload
        seen.append((payload["from"], payload["number"]))
    for writer in writers:
        writer.join()
    assert sorted(seen) == [(worker, number) for worker in range(4) for number in range(50)]


def test_an_unreadable_message_is_dropped_and_the_next_one_read(tmp_path, caplog):
    (tmp_path / "0-a.celery.msg").write_text('{"half": ')
    queue = queue_in(tmp_path)
    queue.put("whole")
    assert queue.get(timeout=1).payload == "whole"
    assert [record.message for record in caplog.records] == [
        "Dropped an unreadable message: 0-a.celery.msg"
    ]


def test_a_message_still_being_written_is_not_seen(tmp_path):
    (tmp_path / ".0-a.celery.msg").write_text('{"half": ')
    assert queue_in(tmp_path).qsize() == 0


# --- sweeps and tasks ------------------------------------------------------------------------


def test_the_command_sweeps_what_beat_wakes():
    assert set(sweeps.SWEEPS) == set(django_settings.CELERY_BEAT_SCHEDULE)


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= set(app.tasks)


def test_sweeps_go_on_while_one_makes_work_for_another():
    waiting = {"announce": 3, "send": 0}

    def announce(_now: datetime) -> int:
        found, waiting["announce"] = waiting["announce"], 0
        waiting["send"] += 2 * found
        return found

    def send(_now: datetime) -> int:
        found, waiting["send"] = min(waiting["send"], 4), max(waiting["send"] - 4, 0)
        return found

    done = sweeps.sweep_until_done(datetime.now(UTC), {"send": send, "announce": announce})
    assert done == {"send": 6, "announce": 3}


def test_a_sweep_that_never_ends_is_named():
    with pytest.raises(sweeps.NeverDone, match=r"^stuck$"):
        sweeps.sweep_until_done(datetime.now(UTC), {"stuck": lambda _: 1, "idle": lambda _: 0})


@pytest.mark.django_db
def test_sweep_says_what_each_part_did():
    told = io.StringIO()
    call_command("sweep", stdout=told)
    lines = told.getvalue().splitlines()
    assert lines[0].startswith("Swept at ")
    assert [line.split() for line in lines[1:]] == [["0", name] for name in sweeps.SWEEPS]


@pytest.mark.django_db
def test_another_moment_is_played_with_demo_data_alone():
    with pytest.raises(CommandError, match="refused unless DEMO=1"):
        call_command("sweep", now="2027-01-01T00:00:00Z")
    with override_settings(DEMO=True):
        told = io.StringIO()
        call_command("sweep", now="2027-01-01T00:00:00", stdout=told)
    assert told.getvalue().splitlines()[0] == "Swept at 2027-01-01T00:00:00+00:00."


@pytest.mark.parametrize("text", ["tomorrow", "2025-13-01T00:00:00Z", "0001-01-01T00:00:00Z", ""])
@override_settings(DEMO=True)
def test_a_moment_that_is_none_is_refused(text):
    with pytest.raises(CommandError, match="--now takes a moment"):
        call_command("sweep", now=text)


@pytest.mark.django_db
def test_a_task_leaves_the_moment_of_its_success():
    drain_outbox.apply()
    left = datetime.fromisoformat(cache.get(last_success_key("accounts.tasks.drain_outbox")))
    assert datetime.now(UTC) - left < timedelta(minutes=1)


# --- health ------------------------------------------------------------------------------------


def test_the_portal_says_that_it_is_alive_to_anybody(client: Client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_the_portal_is_not_ready_while_no_sweep_came_through(client: Client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "checks": {"database": "ok", "migrations": "ok", "broker": "ok", "sweeps": "late"},
    }


@pytest.mark.django_db
def test_the_portal_is_ready_when_every_sweep_came_through_lately(client: Client):
    for task in every_minute():
        cache.set(last_success_key(task), datetime.now(UTC).isoformat())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_an_old_success_counts_as_late(client: Client):
    for task in every_minute():
        cache.set(last_success_key(task), (datetime.now(UTC) - timedelta(minutes=6)).isoformat())
    assert client.get("/readyz").json()["checks"]["sweeps"] == "late"


def test_figures_are_for_collectors_on_this_machine(client: Client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "seen",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_figures_are_nobody_elses(client: Client, seen):
    assert client.get("/metrics", **seen).status_code == 404


# --- system checks -----------------------------------------------------------------------------


@override_settings(DEMO=True, HTTPS=False, EMAIL_URL="")
def test_what_is_meant_for_trying_out_is_named_for_production():
    found = [warning.id for warning in checks.production_is_meant(None)]
    assert found == ["portal.W002", "portal.W003", "portal.W004"]


@override_settings(DEMO=False, HTTPS=True, EMAIL_URL="smtp://mail.example.com")
def test_a_production_installation_has_nothing_to_say():
    assert checks.production_is_meant(None) == []


def test_missing_front_end_packages_are_an_error(tmp_path):
    there, missing = tmp_path, tmp_path / "missing"
    with override_settings(STATICFILES_DIRS=[("a", there), ("b", missing), str(missing)]):
        (error,) = checks.front_end_is_installed(None)
    assert (error.id, error.hint) == ("portal.E001", "Run `make setup`.")
    assert error.msg == "Front-end packages are not installed: b."


def test_missing_fonts_of_papers_are_named(tmp_path):
    with override_settings(PAPER_FACES=[("Paper", 400, tmp_path / "a.otf")]):
        (warning,) = checks.paper_fonts_are_installed(None)
    assert (warning.id, warning.msg.endswith(": a.otf.")) == ("portal.W005", True)
    assert checks.paper_fonts_are_installed(None) == []


# --- static files ------------------------------------------------------------------------------


@pytest.mark.once
def test_static_files_are_hashed_and_name_no_source_map(tmp_path):
    storages = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "ussd_portal.storage.HashedStaticFiles"},
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    style = tmp_path / names["tabler/css/tabler.min.css"]
    assert "sourceMappingURL" not in style.read_text()
    assert style.with_name(style.name + ".br").is_file()
    assert [name for name in names if name.endswith(".map")] == []
    assert "sourceMappingURL" not in (tmp_path / names["tabler/js/tabler.min.js"]).read_text()


# --- api_token ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_api_token_prints_a_secret_of_which_a_hash_is_kept():
    person = factories.csam()
    told = io.StringIO()
    call_command("api_token", person.email.upper(), stdout=told)
    secret = told.getvalue().strip()
    token = ApiToken.objects.get(user=person)
    assert len(secret) >= 43
    assert secret not in (token.secret_hash, token.hint)
    assert secret.startswith(token.hint)


@pytest.mark.django_db
def test_api_token_is_for_people_who_may_sign_in():
    gone = factories.csam()
    gone.is_active = False
    gone.save()
    with pytest.raises(CommandError, match="Nobody who may sign in has the address"):
        call_command("api_token", gone.email)


# --- what the repository holds ------------------------------------------------------------------


def test_lock_files_install_from_any_registry():
    assert sources.hosts_in_lock_files() == ""


def test_no_template_carries_code_or_style():
    assert sources.inline_code() == ""


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<script type="module">',
        "<style>",
        '<p style="color: red">',
        '<a onclick = "x()">',
        '<div hx-on:click="x()">',
        '<a href="javascript:x()">',
    ],
)
def test_code_in_a_template_is_found(markup):
    assert sources.INLINE.search(markup)


@pytest.mark.parametrize(
    "markup", ['<script src="a.js" defer>', "<p>online = yes</p>", "<b>one</b>"]
)
def test_what_is_no_code_is_left_alone(markup):
    assert sources.INLINE.search(markup) is None


def test_texts_of_templates_and_code_are_collected(tmp_path):
    page, code = tmp_path / "page.html", tmp_path / "code.py"
    page.write_text(
        "{% load i18n %}{% translate 'Plain' %}{% translate 'May' context 'month' %}"
        "{% blocktranslate trimmed count n=rows|length %}\n  {{ n }} row\n"
        "{% plural %}\n  {{ n }} rows\n{% endblocktranslate %}"
        '{% include "x.html" with title=_("Named") %}'
    )
    code.write_text('a = _("Joined " "text")\nb = ngettext("%(n)s day", "%(n)s days", n)\n')
    messages.configure()
    assert set(messages.texts_in(page)) == {
        messages.Text("Plain"),
        messages.Text("May", context="month"),
        messages.Text("%(n)s row", "%(n)s rows"),
        messages.Text("Named"),
    }
    assert set(messages.texts_in(code)) == {
        messages.Text("Joined text"),
        messages.Text("%(n)s day", "%(n)s days"),
    }

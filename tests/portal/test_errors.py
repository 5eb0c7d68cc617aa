"""What goes wrong outside a view: a page in the layout for people, a problem for programs."""

import json

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from tests import factories
from ussd_portal.views import errors

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.failing")]
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
STATUS = {"fault": 500, "odd": 400, "role": 403, "large": 413, "nowhere": 404}
CODES = {
    "fault": "server_error",
    "odd": "bad_request",
    "role": "permission_denied",
    "large": "too_large",
    "nowhere": "not_found",
}
HEADINGS = {
    "en": {
        "fault": "Something went wrong",
        "odd": "The request can't be read",
        "role": "Not allowed",
        "large": "That was too much at once",
        "nowhere": "Not found",
    },
    "zh-hans": {
        "fault": "出错了",
        "odd": "无法读取该请求",
        "role": "无权访问",
        "large": "一次发送的内容过多",
        "nowhere": "未找到",
    },
}


def ask(client, how, under=""):
    client.raise_request_exception = False
    if how == "nowhere":
        return client.get(f"{under}/nowhere/")
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1 if how == "large" else 1
    return client.post(f"{under}/fail/{how}/", b"x" * size, content_type=FORM)


@pytest.mark.parametrize("how", STATUS)
@pytest.mark.parametrize("language", HEADINGS)
def test_an_error_is_a_page_in_the_layout_for_people_and_for_strangers(sign_in, how, language):
    person = factories.csam(language=language)
    stranger = Client(headers={"Accept-Language": language})

    for client, name in ((sign_in(person), person.name), (stranger, "p-brand")):
        answer = ask(client, how)
        page = answer.content.decode()
        assert answer.status_code == STATUS[how]
        assert f"<h1>{HEADINGS[language][how]}</h1>" in page
        assert f'lang="{language}"' in page
        assert name in page


@pytest.mark.parametrize("accept", ["application/json", "text/html", "*/*"])
@pytest.mark.parametrize("how", STATUS)
def test_below_the_api_an_error_is_a_problem_with_a_code_whatever_is_accepted(sign_in, how, accept):
    for client in (sign_in(factories.csam()), Client()):
        client.defaults["HTTP_ACCEPT"] = accept
        answer = ask(client, how, under="/api/v1")
        assert (answer.status_code, answer["Content-Type"]) == (STATUS[how], PROBLEM)
        told = json.loads(answer.content)
        assert (told["status"], told["code"]) == (STATUS[how], CODES[how])
        assert told["detail"]


def test_a_problem_is_told_in_the_language_of_the_program(sign_in):
    answer = ask(sign_in(factories.csam(language="zh-hans")), "nowhere", under="/api")

    assert answer.json()["detail"] == "未找到。"


def test_more_than_the_api_takes_is_refused_with_the_most(sign_in):
    body = b'"' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"'
    client = sign_in(factories.csam())

    answer = client.post("/api/v1/incidents/", body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["detail"] == "At most 5 MB are taken at once."


def test_an_address_of_the_api_without_its_slash_still_leads_to_it(sign_in):
    answer = sign_in(factories.csam()).get("/api/v1/customers")

    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/customers/")


def test_who_comes_back_to_where_a_form_was_sent_is_told_so(sign_in):
    answer = sign_in(factories.csam()).get(reverse("accounts:inbox-read"))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1>Nothing to show here</h1>" in answer.content.decode()


class Away(AnonymousUser):
    """Somebody of whom the database can't tell any more."""

    @property
    def is_authenticated(self):
        raise OperationalError


def test_a_fault_has_a_page_even_when_the_frame_fails_too():
    request = HttpRequest()
    request.user = Away()

    answer = errors.server_error(request)

    assert answer.status_code == 500
    assert "<h1>Something went wrong</h1>" in answer.content.decode()

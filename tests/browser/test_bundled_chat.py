import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from web import create_app

pytestmark = [pytest.mark.browser, pytest.mark.models]


@pytest.fixture
def app(bundled_assistant: Assistant, conversations: SqlConversations) -> Flask:
    return create_app(Settings(), bundled_assistant, conversations)


def test_bundled_story_answers_and_opens_at_the_words(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill("When did DTRA start training Panama?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_text("2017", timeout=20_000)
    page.get_by_role("link", name="Open in story").first.click()

    expect(page.locator("mark")).to_have_text("2017")
    expect(page.locator("mark")).to_be_in_viewport(ratio=1)
    expect(page.locator("h1")).to_contain_text("DTRA Partners in Panama")


def test_question_that_no_story_answers_is_refused(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill("Who won the 2018 World Cup?")
    page.keyboard.press("Enter")

    expect(page.locator(".answer-none")).to_have_text("The stories don’t say", timeout=20_000)

import pytest

from summarizer.web import create_app


@pytest.fixture(scope="session")
def app(summarizer):
    return create_app(summarizer)


@pytest.fixture
def client(app):
    return app.test_client()

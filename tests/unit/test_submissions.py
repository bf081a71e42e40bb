"""Reading Submissions: all of them, a page at a time."""

from labgrader.cluster.submissions import Courses
from tests.unit.api_server import ApiServer

COLLECTION = "/apis/labgrader.dev/v1alpha1/submissions"
COUNT = 600


async def test_thousands_are_read_in_pages_and_each_is_told_once() -> None:
    server = ApiServer()
    async with server.running() as client:
        for number in range(COUNT):
            place = "/apis/labgrader.dev/v1alpha1/namespaces/course/submissions"
            await server.put(f"{place}/s{number}", {"spec": {}})
        names = [body["metadata"]["name"] async for body in Courses(client).submissions()]
    assert names == [f"s{number}" for number in range(COUNT)]
    assert server.asked[f"GET {COLLECTION}"] == 3


async def test_where_there_are_none_one_page_is_asked_for() -> None:
    server = ApiServer()
    async with server.running() as client:
        assert [body async for body in Courses(client).submissions()] == []
    assert server.asked[f"GET {COLLECTION}"] == 1

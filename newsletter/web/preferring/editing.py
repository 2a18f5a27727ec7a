"""The page itself: the form, the YAML, and what would have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter.bootstrap import Draft, Prospect, Saved, Sheet
from newsletter.preferences import OwnTopic, by_field
from newsletter.rules.answering import write_slot
from newsletter.web.forms import FormError, read_form
from newsletter.web.preferring.desk import PreferencesDesk
from newsletter.web.preferring.limits import Limits
from newsletter.web.preferring.sheets import ADD_TOPIC, MOST_BYTES, MOST_FIELDS, pack, read_sheet
from newsletter.web.preferring.wording import (
    CHOICES,
    DAYS,
    at_lines,
    contradictions,
    full_sentence,
    sentence,
    told,
    zones,
)
from newsletter.web.views import Pages

if TYPE_CHECKING:
    from newsletter.model import SampleLetter
    from newsletter.preferences import Difference

_FRAME_POLICY: Final = (
    # A letter brings its own style, and stands in a frame of this page, which it inherits this from.
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-same-origin"
)


@dataclass(frozen=True, slots=True)
class EditingPage:
    """Nothing is written but by the button that says so."""

    pages: Pages
    desk: PreferencesDesk
    limits: Limits

    async def look(self, token: str) -> Response | None:
        """Show the preferences in force."""
        draft = await run_in_threadpool(self.desk.draft, token, Sheet())
        return self._show(token, draft) if draft else None

    async def work(self, token: str, request: Request, *, may_save: bool) -> Response | None:
        """Bring both sides together, and save where that was pressed."""
        try:
            fields = await self.fields(request)
        except FormError as error:
            return self.pages.show("preferring/unread", status=error.status, token=token)
        if may_save and fields.get("do") == "save":
            wait_s = self.limits.changes(token)
            return (
                await self._save(token, fields) if wait_s is None else self.pages.too_often(wait_s)
            )
        draft = await run_in_threadpool(self.desk.draft, token, read_sheet(fields))
        if draft is None:
            return None
        is_refused = may_save and bool(draft.problems or not draft.synced.is_settled)
        return self._show(token, draft, fields, status=422 if is_refused else 200)

    async def frame(self, token: str, request: Request) -> Response | None:
        """Show what would have come, in a frame."""
        sheet = Sheet()
        if request.method == "POST":
            try:
                sheet = read_sheet(await self.fields(request))
            except FormError as error:
                return self.in_frame("That is too much to be read.", status=error.status)
        prospect = await run_in_threadpool(self.desk.prospect, token, sheet)
        return self._prospect(prospect) if prospect else None

    def saved(self, token: str, saved: Saved) -> Response:
        """Say what was changed."""
        coming = tuple(map(write_slot, saved.coming))
        return self.pages.show(
            "preferring/saved",
            saved=saved,
            changes=self._told(saved.changes),
            coming=coming,
            token=token,
        )

    def show_draft(self, token: str, draft: Draft) -> Response:
        """Show a draft that could not be saved."""
        return self._show(token, draft, status=409 if draft.theirs is not None else 422)

    def in_frame(self, said: str, *, status: int = 200) -> Response:
        """Say something in the frame."""
        return _framed(
            self.pages.show(
                "preferring/frame", status=status, said=said, letter=None, is_early=False
            )
        )

    async def fields(self, request: Request) -> Mapping[str, str]:
        """Return what was sent. Raises FormError."""
        return await read_form(request, most_bytes=MOST_BYTES, most_fields=MOST_FIELDS)

    async def _save(self, token: str, fields: Mapping[str, str]) -> Response | None:
        done = await run_in_threadpool(self.desk.save, token, read_sheet(fields))
        if done is None:
            return None
        if isinstance(done, Saved):
            return self.saved(token, done)
        return self.show_draft(token, done)

    def _told(self, changes: "Sequence[Difference]") -> Sequence[str]:
        titles = {one.topic.name: one.topic.title for one in self.desk.catalogue}
        return [told(one, titles) for one in changes]

    def _prospect(self, prospect: Prospect) -> Response:
        if prospect.letter is None:
            said = "There is a mistake in your preferences: mend it, and the letter comes here."
            if not prospect.is_settled:
                said = "The form and the YAML contradict each other: choose one, and the letter comes here."
            return self.in_frame(said)
        letter: SampleLetter = prospect.letter
        coming = tuple(map(write_slot, prospect.coming))
        page = self.pages.show(
            "preferring/frame",
            said="",
            letter=letter,
            is_early=prospect.is_early,
            coming=coming,
            silence=prospect.silence,
            zone=prospect.coming[0].timezone if prospect.coming else "",
        )
        return _framed(page)

    def _show(
        self,
        token: str,
        draft: Draft,
        fields: Mapping[str, str] | None = None,
        *,
        status: int = 200,
    ) -> Response:
        form = draft.synced.form
        wrong = {
            name: tuple(map(sentence if name else full_sentence, some))
            for name, some in by_field(draft.problems, form).items()
        }
        rows = list(form.topics.own)
        if fields is not None and fields.get("do") == ADD_TOPIC:
            rows.append(OwnTopic(""))
        return self.pages.show(
            "preferring/desk",
            status=status,
            token=token,
            draft=draft,
            form=form,
            rows=rows,
            blank=OwnTopic(""),
            changes=self._told(draft.changes),
            agreed=pack(draft.synced.agreed),
            wrong=wrong,
            lines=at_lines(draft.problems, draft.synced.text),
            asks=tuple(contradictions(draft.synced.asks, form, draft.synced.said_by_yaml)),
            catalogue=self.desk.catalogue,
            choices=CHOICES,
            days=DAYS,
            zones=zones(),
        )


def _framed(page: Response) -> Response:
    assert isinstance(page, HTMLResponse)  # noqa: S101 - the pages make no other
    page.headers["Content-Security-Policy"] = _FRAME_POLICY
    return page

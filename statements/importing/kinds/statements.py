"""Statements, with the short forms that bring a wording and citations along."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from statements import text
from statements.actions.moves import SUBMIT
from statements.bulk import made
from statements.importing.alike import Stored, decide, look_alikes
from statements.importing.bundles import Case
from statements.importing.columns import CLEAR
from statements.importing.drafts import Draft, FilePlan
from statements.importing.incoming import Alike
from statements.importing.kinds.base import refuse_circles
from statements.importing.kinds.statement_columns import StatementColumns
from statements.importing.reading import Row
from statements.models import Citation, Issuer, Source, Speaker, SpeakerRole, Statement, Wording
from statements.models.derived import canonical_url_of, name_by_address
from statements.models.rules import row_problems
from statements.models.statement import first_of

PARTS = {"issuers": Issuer.Part.ISSUED, "joined_by": Issuer.Part.JOINED, "delivered_by": Issuer.Part.DELIVERED}
ISSUER_COLUMNS = tuple(PARTS)
SPEAKER_COLUMNS = ("speakers", "attributions")
_OF_A_WORDING = {"language": "text_language", "kind": "text_kind", "is_excerpt": "text_is_excerpt"}


class Statements(StatementColumns):
    """Without a slug a statement is found by the one made from its title, date and first issuer or speaker."""

    def statement_of(self, row: Row, file: FilePlan) -> str:
        statements = self.directory.statements
        slug = row.cells.get("slug", "").strip()
        if not slug:
            draft = Draft(file, row)
            self.read_cells(draft, in_second_pass=False)
            slug = self._slug_of(draft) or ""
        if slug:
            statements.in_files.add(slug)
            related = row.cells.get("related_statement", "").strip()
            if related:
                statements.related_in_files[slug] = "" if related == CLEAR else statements.current(related)
        return slug

    def prepare(self, drafts: list[Draft]) -> None:
        cells = [draft.row.cells.get(name, "").strip() for draft in drafts for name in ("slug", "related_statement")]
        self.directory.statements.load(cell for cell in cells if cell)

    def identify(self, drafts: list[Draft]) -> None:
        statements = self.directory.statements
        slugs = {id(draft): self._slug_of(draft) for draft in drafts}
        statements.load(slug for slug in slugs.values() if slug)
        self._decide_on_alike(drafts, slugs)
        with_words = [
            (slugs[id(draft)] or "", draft) for draft in drafts if self._may_bring_words(draft, slugs[id(draft)])
        ]
        statements.taken_keys[Wording].look_up(text.short_key(*_key_parts(slug, draft)) for slug, draft in with_words)
        by_slug: dict[str, Draft] = {}
        for draft in drafts:
            slug = slugs[id(draft)]
            if slug is None or draft.is_ambiguous:
                continue
            now = statements.current(slug)
            if now != slug:
                words = {"slug": slug, "now": now}
                draft.refuse_identity(
                    "slug", _("The address %(slug)s was given up; it leads to %(now)s. Write that.") % words
                )
            elif slug in by_slug:
                self.refuse_twice(by_slug[slug], draft)
            else:
                by_slug[slug] = draft
                self._take(draft, slug)

    def _may_bring_words(self, draft: Draft, slug: str | None) -> bool:
        """Whether the words of a row may be a new wording, which needs a key."""
        values, case = draft.values, self.directory.statements.cases.get(slug or "")
        of_row = (values.get("text_language"), values.get("text_kind"))
        known = {(row.language, row.kind) for row in case.bundle.wordings if row.source is None} if case else set()
        return bool(values.get("text")) and of_row not in known

    def _decide_on_alike(self, drafts: Sequence[Draft], slugs: dict[int, str | None]) -> None:
        """New rows that look like a stored statement: say so, and do with them what staff chose."""
        statements = self.directory.statements
        new = [draft for draft in drafts if slugs[id(draft)] and slugs[id(draft)] not in statements.by_slug]
        for draft, stored in look_alikes(new, self.directory).items():
            slug = slugs[id(draft)] or ""
            choice = decide(draft, stored, self.directory)
            if choice != Alike.IMPORT:
                statements.left_out[slug] = stored.slug
            if choice == Alike.ADD_SOURCE:
                self._only_add_addresses(draft, stored)
                slugs[id(draft)] = stored.slug
        statements.load(slug for slug in slugs.values() if slug)

    def _only_add_addresses(self, draft: Draft, stored: Stored) -> None:
        statements = self.directory.statements
        first = statements.added_to.setdefault(stored.slug, draft.line)
        words = {"slug": stored.slug, "line": first}
        if not draft.values.get("source_urls"):
            draft.refuse_identity("source_urls", _("There is no address here to add to %(slug)s.") % words)
        if stored.slug in statements.in_files or stored.slug in statements.named_by_parts:
            draft.refuse_identity(
                "source_urls", _("These files have rows of %(slug)s, too: add the address there, not here.") % words
            )
        if first != draft.line:
            draft.refuse_identity(
                "source_urls", _("Line %(line)d adds to %(slug)s already: write all its addresses there.") % words
            )
        draft.values = {"source_urls": draft.values.get("source_urls", [])}
        draft.row = replace(draft.row, cells={"source_urls": draft.row.cells.get("source_urls", "")})

    def _slug_of(self, draft: Draft) -> str | None:
        if "slug" in draft.values or draft.has_error_in("slug"):
            return draft.values.get("slug")
        issued, title = draft.values.get("issued"), draft.values.get("title")
        if issued is None or not title or draft.has_error_in(*PARTS, "speakers"):
            return None
        issuers = [(str(part), row.slug) for name, part in PARTS.items() for row in draft.values.get(name) or []]
        first = first_of(issuers, [row.slug for row in draft.values.get("speakers") or []])
        return text.derive_statement_slug(title=title, issued=issued.isoformat(), first=first)

    def _take(self, draft: Draft, slug: str) -> None:
        statements = self.directory.statements
        stored = statements.by_slug.get(slug)
        spoken_before = {speaker.slug: words for speaker, words in _attributions(stored)} if stored is not None else {}
        self.take(draft, stored, lambda: self.new_instance(slug=slug))
        if stored is None:
            statements.add(draft.instance)
        statements.case_of(draft.instance).touch(draft)
        _pair_speakers(draft, spoken_before)

    def complete(self, draft: Draft) -> None:
        case = self.directory.statements.case_of(draft.instance)
        if not draft.has_error_in(*_OF_A_WORDING.values(), "text"):
            self._bring_wording(draft, case)
        for url in draft.values.get("source_urls") or []:
            self._bring_citation(draft, case, url)

    def note_changes(self, draft: Draft) -> None:
        super().note_changes(draft)
        case = self.directory.statements.case_of(draft.instance)
        statement = draft.instance
        if "step" not in draft.changes and case.stored_step:
            # "returned" is written as draft and "scheduled" as in review: that is no move.
            statement.step = case.stored_step
        own = draft.changes.keys() - self._short_forms() - {*ISSUER_COLUMNS, *SPEAKER_COLUMNS}
        case.statement_changes |= bool(own)
        if draft.changes.keys() & {*ISSUER_COLUMNS}:
            case.issuers_change = True
            parts = [(part, row) for name, part in PARTS.items() for row in getattr(statement, f"planned_{name}")]
            case.bundle.issuers = [
                made(Issuer, {"statement": statement, "organisation": organisation}, part=part, position=position)
                for position, (part, organisation) in enumerate(parts)
            ]
        if draft.changes.keys() & {*SPEAKER_COLUMNS}:
            case.speakers_change = True
            case.bundle.speaker_roles = [
                made(SpeakerRole, {"statement": statement, "speaker": speaker}, attribution=words, position=position)
                for position, (speaker, words) in enumerate(_attributions(statement))
            ]

    def _short_forms(self) -> set[str]:
        return {name for name, column in self.columns().items() if column.is_short_form}

    def check(self, drafts: list[Draft]) -> None:
        statements = self.directory.statements
        refuse_circles(drafts, "related_statement", statements.related_to, statements.circles)

    def check_permissions(self, drafts: Sequence[Draft]) -> None:
        super().check_permissions(drafts)
        if not self.user.has_perm(SUBMIT):
            for draft in drafts:
                if draft.changes.get("step", ("", ""))[1] == Statement.Step.IN_REVIEW:
                    draft.refuse("step", _("You may not submit statements for review. Write draft."))

    def _bring_wording(self, draft: Draft, case: Case) -> None:
        """The words of the row are its statement's wording of that language and kind that names no source."""
        values, statement = draft.values, draft.instance
        words = values.get("text")
        if words is None:
            for name in set(_OF_A_WORDING.values()) & values.keys():
                draft.refuse(name, _("This says what the words are: write them in the column text, too."))
            return
        language, kind = values.get("text_language"), values.get("text_kind")
        for name, value in (("text_language", language), ("text_kind", kind)):
            if not value:
                draft.refuse(name, _("Say what the words in the column text are: their language and their kind."))
        if not language or not kind:
            return
        alike = [row for row in case.bundle.wordings if (row.language, row.kind, row.source) == (language, kind, None)]
        if len(alike) > 1:
            keys = ", ".join(row.key for row in alike)
            draft.refuse("text", _("Several wordings are meant: %(keys)s. Change them as wordings.") % {"keys": keys})
        elif not words:
            self._delete_wording(draft, case, alike)
        elif not alike:
            statements = self.directory.statements
            key = text.short_key(*_key_parts(statement.slug, draft), taken=statements.taken_keys[Wording])
            is_excerpt = values.get("text_is_excerpt", False)
            row = made(
                Wording,
                {"statement": statement},
                key=key,
                language=language,
                kind=kind,
                text=words,
                is_excerpt=is_excerpt,
            )
            statements.by_key[Wording][key] = row
            statements.taken_keys[Wording].reserve([key])
            case.bundle.wordings.append(row)
            case.create(row)
            case.brings(row, draft, _OF_A_WORDING)
            draft.changes["text"] = ("", words)
        else:
            self._change_wording(draft, case, alike[0], words)

    def _change_wording(self, draft: Draft, case: Case, row: Wording, words: str) -> None:
        case.brings(row, draft, _OF_A_WORDING)
        is_excerpt = draft.values.get("text_is_excerpt", row.is_excerpt)
        if row.text != words:
            draft.changes["text"] = (row.text, words)
        if row.is_excerpt != is_excerpt:
            widget = self.columns()["text_is_excerpt"].widget
            draft.changes["text_is_excerpt"] = (widget.render(row.is_excerpt), widget.render(is_excerpt))
        if (row.text, row.is_excerpt) != (words, is_excerpt):
            row.text, row.is_excerpt = words, is_excerpt
            case.update(row)

    def _delete_wording(self, draft: Draft, case: Case, rows: list[Wording]) -> None:
        for row in rows:
            draft.changes["text"] = (row.text, "")
            case.bundle.wordings.remove(row)
            case.deleted.append(row)

    def _bring_citation(self, draft: Draft, case: Case, url: str) -> None:
        """``source_urls`` only adds: what cites this address as a report already stays as it is."""
        source = next(iter(self.directory.of(Source).named(url)), None) or self._new_source(draft, url)
        slugs = {row.source.slug for row in case.bundle.citations if row.role == Citation.Role.REPORT}
        if source.slug not in slugs:
            row = Citation(statement=draft.instance, source=source, role=Citation.Role.REPORT)
            case.bundle.citations.append(row)
            case.create(row)
            case.brings(row, draft, {"source": "source_urls"})
            _old, added = draft.changes.get("source_urls", ("", ""))
            draft.changes["source_urls"] = ("", f"{added} | {url}" if added else url)

    def _new_source(self, draft: Draft, url: str) -> Source:
        entries = self.directory.of(Source)
        source = Source(url=url, kind=Source.Kind.NEWS)
        source.canonical_url = canonical_url_of(source)
        wanted = text.derive_source_slug(publisher="", title="", published="", url=url)
        source.slug = text.free_slug(wanted, taken=entries)
        name_by_address(source)
        for _field, sentence in row_problems(source):
            draft.refuse("source_urls", sentence)
        if not self.user.has_perm("statements.add_source"):
            draft.refuse("source_urls", _("This address is a new source, and you may not add sources."))
        self.directory.add_made(source)
        return source


def _key_parts(slug: str, draft: Draft) -> tuple[str, ...]:
    """What the key of the row's words is made from, as that of a wording that names no source."""
    return "w", slug, draft.values.get("text_language") or "", draft.values.get("text_kind") or "", ""


def _attributions(statement: Any) -> list[tuple[Speaker, str]]:
    return list(zip(statement.planned_speakers, statement.planned_attributions, strict=False))


def _pair_speakers(draft: Draft, before: dict[str, str]) -> None:
    """Give every speaker an attribution: the one written, else the one stored for this speaker, else none."""
    statement: Any = draft.instance
    speakers = statement.planned_speakers
    if "attributions" not in draft.values or not draft.values["attributions"]:
        emptied = "attributions" in draft.values
        statement.planned_attributions = ["" if emptied else before.get(speaker.slug, "") for speaker in speakers]
    elif len(statement.planned_attributions) != len(speakers) and not draft.has_error_in("speakers"):
        draft.refuse(
            "attributions",
            _(
                "%(attributions)d attributions for %(speakers)d speakers. "
                "Write one for each; a blank one between two | counts."
            )
            % {"attributions": len(statement.planned_attributions), "speakers": len(speakers)},
        )

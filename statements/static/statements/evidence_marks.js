/* The statement's form: below each wording its words with the passages marked on which quotes of the page rest, and at
   each quote whether it stands in the words. The server finds them, as it does on saving, and again while one types. */
"use strict";
{
    const WORDINGS = 'textarea[name^="wordings-"][name$="-text"]:not([name*="__prefix__"])';
    const QUOTES = ["mentions", "counts"]
        .map((prefix) => `textarea[name^="${prefix}-"][name$="-quote"]:not([name*="__prefix__"])`)
        .join(", ");
    const PAUSE = 300; // milliseconds without a key
    const LONG = 20000; // characters, from which on one waits longer
    const LONG_PAUSE = 1500;

    let tools;
    let pending;
    let asked = 0;
    /* Field of a quote -> the wording in which it was last found. */
    const foundIn = new WeakMap();

    function isKept(control) {
        const deleted = control.closest(".inline-related").querySelector('input[name$="-DELETE"]');
        return deleted === null || !deleted.checked;
    }

    function fieldsNow() {
        const wordings = [...document.querySelectorAll(WORDINGS)].filter(isKept);
        const quotes = [...document.querySelectorAll(QUOTES)].filter((quote) => isKept(quote) && quote.value.trim());
        return { wordings, quotes };
    }

    async function answerFor(wordings, quotes) {
        const valuesOf = (fields) => fields.map((field) => field.value);
        try {
            const response = await fetch(tools.dataset.marks, {
                method: "POST",
                headers: {
                    "Content-Type": "application/json",
                    "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
                },
                body: JSON.stringify({ texts: valuesOf(wordings), quotes: valuesOf(quotes) }),
            });
            return await response.json();
        } catch {
            return { sentence: tools.dataset.unmarked };
        }
    }

    async function refresh() {
        const { wordings, quotes } = fieldsNow();
        asked += 1;
        const question = asked;
        const nothing = { marks: [], problems: [] };
        const answer = quotes.length && wordings.length ? await answerFor(wordings, quotes) : nothing;
        if (question !== asked) {
            return;
        }
        clear(quotes, wordings);
        if (answer.marks === undefined) {
            wordings.forEach((wording) => showSentence(wording, answer.sentence));
            return;
        }
        answer.problems.forEach((problem, index) => showProblem(quotes[index], problem));
        answer.marks.forEach((marks, index) => {
            remember(wordings[index], marks, quotes);
            showMarks(wordings[index], marks);
        });
        quotes.forEach((quote, index) => list(quote, answer.problems[index], answer.marks, wordings, index));
    }

    function remember(wording, marks, quotes) {
        new Set(marks.flatMap((mark) => mark.quotes)).forEach((index) => foundIn.set(quotes[index], wording));
    }

    /* --- At the words --- */

    function partOf(wording, css) {
        return wording.closest(".form-row").querySelector(css);
    }

    /* What an earlier answer showed, also of rows that are gone since. */
    function clear(quotes, wordings) {
        document.querySelectorAll(QUOTES).forEach((quote) => {
            if (!quotes.includes(quote)) {
                showProblem(quote, "");
            }
        });
        document.querySelectorAll(WORDINGS).forEach((wording) => {
            partOf(wording, ".evidence-list").replaceChildren();
            partOf(wording, ".evidence-unmarked").hidden = true;
            const isShown = wordings.includes(wording) && wording.value.trim() && quotes.length;
            partOf(wording, ".evidence-marks").hidden = !isShown;
        });
    }

    function showSentence(wording, sentence) {
        partOf(wording, ".evidence-marks").hidden = true;
        partOf(wording, ".evidence-unmarked").textContent = sentence;
        partOf(wording, ".evidence-unmarked").hidden = false;
    }

    function showMarks(wording, marks) {
        const text = wording.value;
        const shown = document.createDocumentFragment();
        let position = 0;
        for (const mark of marks) {
            const marked = document.createElement("mark");
            marked.textContent = text.slice(mark.start, mark.end);
            shown.append(text.slice(position, mark.start), marked);
            position = mark.end;
        }
        shown.append(text.slice(position));
        partOf(wording, ".evidence-words").replaceChildren(shown);
    }

    /* In the list below every wording that holds it; one that none holds, where it was found before. */
    function list(quote, problem, marks, wordings, index) {
        const holds = (_wording, number) => marks[number].some((mark) => mark.quotes.includes(index));
        const holding = wordings.filter(holds);
        const last = foundIn.get(quote);
        const places = holding.length || !problem ? holding : [wordings.includes(last) ? last : wordings[0]];
        for (const wording of places) {
            partOf(wording, ".evidence-list").append(item(quote, problem));
        }
    }

    function item(quote, problem) {
        const row = quote.closest(".inline-related");
        const link = document.createElement("a");
        link.href = `#${row.id}`;
        link.textContent = ["h3 b", ".inline_label"].map((css) => row.querySelector(css).textContent.trim()).join(" ");
        link.addEventListener("click", (event) => {
            event.preventDefault();
            quote.scrollIntoView({ block: "center" });
            quote.focus();
        });
        const words = document.createElement("q");
        words.dir = "auto";
        words.textContent = quote.value.trim();
        const entry = document.createElement("li");
        entry.append(link, " ", words);
        if (problem) {
            entry.className = "evidence-orphan";
            entry.append(" ", problem);
        }
        return entry;
    }

    /* --- At the quote --- */

    function showProblem(quote, problem) {
        const row = quote.closest(".form-row");
        let place = row.querySelector(".evidence-problem");
        if (place === null) {
            place = document.createElement("p");
            place.className = "evidence-problem";
            place.setAttribute("role", "status");
            row.append(place);
        }
        if (place.textContent !== problem) {
            place.textContent = problem;
        }
        quote.classList.toggle("evidence-unfounded", problem !== "");
        quote.setAttribute("aria-invalid", String(problem !== ""));
    }

    /* --- When --- */

    function soon() {
        const length = [...document.querySelectorAll(WORDINGS)].reduce((sum, wording) => sum + wording.value.length, 0);
        asked += 1; // an answer that is on its way is about words of before
        clearTimeout(pending);
        pending = setTimeout(refresh, length > LONG ? LONG_PAUSE : PAUSE);
    }

    document.addEventListener("DOMContentLoaded", () => {
        tools = document.getElementById("evidence-tools");
        if (tools === null) {
            return;
        }
        document.addEventListener("input", (event) => {
            if (event.target.matches(`${WORDINGS}, ${QUOTES}`)) {
                soon();
            }
        });
        document.addEventListener("change", (event) => {
            if (event.target.matches('input[name$="-DELETE"]')) {
                soon();
            }
        });
        document.addEventListener("formset:added", soon);
        document.addEventListener("formset:removed", soon);
        refresh();
    });
}

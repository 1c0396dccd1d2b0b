/* The statement's form: words that are selected in a wording become a count or a demand with these words as its quote.
   Rows are added by the admin's own "Add another"; the number is read by the server, with the importer's reader. */
"use strict";
{
    const $ = django.jQuery;
    const WORDINGS = 'textarea[name^="wordings-"][name$="-text"]:not([name*="__prefix__"])';
    /* Prefix of the rows -> the field that only a person can fill in. */
    const SUBJECTS = { counts: "measure", mentions: "demand" };

    const WORD = /[\p{L}\p{M}\p{N}]/u;
    const MARK = /\p{M}/u;
    const DIGIT = /\p{Nd}/u;
    const JOINING_DIGITS = /[.,'’\u00a0\u2009\u202f]/u;
    const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;

    let tools;

    /* --- What is selected --- */

    function characterAt(text, index) {
        return index >= 0 && index < text.length ? String.fromCodePoint(text.codePointAt(index)) : "";
    }

    function isLowSurrogate(text, index) {
        return /[\udc00-\udfff]/.test(text.charAt(index));
    }

    function before(text, index) {
        return characterAt(text, isLowSurrogate(text, index - 1) ? index - 2 : index - 1);
    }

    /* Whether a quote that begins or ends here would cut a word or a number. */
    function isInsideWord(text, index) {
        if (index <= 0 || index >= text.length) {
            return false;
        }
        const [left, right] = [before(text, index), characterAt(text, index)];
        if (isLowSurrogate(text, index) || MARK.test(right)) {
            return true;
        }
        if (WITHOUT_SPACES.test(left) || WITHOUT_SPACES.test(right)) {
            return false;
        }
        if (JOINING_DIGITS.test(left)) {
            return DIGIT.test(before(text, index - 1)) && DIGIT.test(right);
        }
        if (JOINING_DIGITS.test(right)) {
            return DIGIT.test(left) && DIGIT.test(characterAt(text, index + 1));
        }
        return WORD.test(left) && WORD.test(right);
    }

    /* The whole words that are selected, without white space around them; a word cut by either end is taken in. */
    function selectedWords(textarea) {
        const text = textarea.value;
        let [start, end] = [textarea.selectionStart, textarea.selectionEnd];
        while (start < end && /\s/.test(text.charAt(start))) {
            start += 1;
        }
        while (end > start && /\s/.test(text.charAt(end - 1))) {
            end -= 1;
        }
        if (start === end) {
            return "";
        }
        while (isInsideWord(text, start)) {
            start -= 1;
        }
        while (isInsideWord(text, end)) {
            end += 1;
        }
        textarea.setSelectionRange(start, end);
        return text.slice(start, end);
    }

    /* --- The row --- */

    function isUntouched(control) {
        if (control.tagName !== "SELECT") {
            return control.type === "checkbox"
                ? control.checked === control.defaultChecked
                : control.value === control.defaultValue;
        }
        const options = [...control.options];
        return options.some((option) => option.defaultSelected)
            ? options.every((option) => option.selected === option.defaultSelected)
            : control.selectedIndex <= 0;
    }

    /* A new row that the page shows already and that nobody has written in. */
    function blankRow(prefix) {
        const rows = document.querySelectorAll(`#${prefix}-group .inline-related:not(.has_original):not(.empty-form)`);
        return [...rows].find((row) => {
            const controls = [...row.querySelectorAll("input:not([type=hidden]), textarea, select")];
            return !field(row, "quote").value && !field(row, SUBJECTS[prefix]).value && controls.every(isUntouched);
        });
    }

    function addedRow(prefix) {
        const link = document.querySelector(`#${prefix}-group .add-row a`);
        if (link === null) {
            return undefined;
        }
        link.click();
        return document.getElementById(`${prefix}-empty`).previousElementSibling;
    }

    function field(row, name) {
        return row.querySelector(`[name$="-${name}"]`);
    }

    function fill(control, value) {
        control.value = value;
        control.dispatchEvent(new Event("input", { bubbles: true }));
        control.dispatchEvent(new Event("change", { bubbles: true }));
    }

    /* A sentence at the row, and the way back to where its words were selected. */
    function noteAt(row, sentence, textarea) {
        row.querySelector(".evidence-note")?.remove();
        const note = document.getElementById("evidence-note").content.firstElementChild.cloneNode(true);
        note.querySelector("span").textContent = sentence;
        note.querySelector("button").addEventListener("click", () => {
            textarea.focus();
            textarea.scrollIntoView({ block: "center" });
        });
        field(row, "quote").closest(".form-row").append(note);
    }

    function openSubject(row, prefix) {
        row.scrollIntoView({ block: "start" });
        $(field(row, SUBJECTS[prefix])).select2("open");
        document.querySelector(".select2-container--open .select2-search__field")?.focus();
    }

    /* --- The number --- */

    async function readFigure(words) {
        try {
            const response = await fetch(`${tools.dataset.figure}?${new URLSearchParams({ words })}`);
            return await response.json();
        } catch {
            return { sentence: tools.dataset.unreachable };
        }
    }

    function fillFigure(row, figure) {
        for (const name of ["qualifier", "value", "value_to"]) {
            const control = field(row, name);
            const value = figure[name];
            if (control.value === "" && value !== undefined && value !== null && value !== "") {
                fill(control, value);
            }
        }
    }

    async function use(textarea, prefix, say) {
        const words = selectedWords(textarea);
        const row = words && (blankRow(prefix) ?? addedRow(prefix));
        if (!row) {
            say(words ? tools.dataset.full : tools.dataset.hint);
            return;
        }
        fill(field(row, "quote"), words);
        if (prefix === "mentions") {
            noteAt(row, tools.dataset.demandAdded, textarea);
            say(tools.dataset.demandAdded);
            openSubject(row, prefix);
            return;
        }
        openSubject(row, prefix);
        const figure = await readFigure(words);
        fillFigure(row, figure);
        noteAt(row, figure.sentence, textarea);
        say(`${tools.dataset.countAdded} ${figure.sentence}`);
    }

    /* --- The toolbar below each wording --- */

    function equip(textarea) {
        const bar = tools.content.firstElementChild.cloneNode(true);
        const buttons = [...bar.querySelectorAll("button")];
        const status = bar.querySelector("[role=status]");
        const say = (sentence) => {
            status.textContent = sentence;
        };
        const follow = () => {
            const selected = textarea.value.slice(textarea.selectionStart, textarea.selectionEnd).trim() !== "";
            for (const button of buttons) {
                button.disabled = !selected;
            }
        };
        for (const button of buttons) {
            button.addEventListener("click", () => use(textarea, button.dataset.rows, say));
        }
        for (const name of ["select", "selectionchange", "keyup", "pointerup", "input", "focus"]) {
            textarea.addEventListener(name, follow);
        }
        /* A pointer may be let go beside the field; older browsers say it at the document only. */
        document.addEventListener("selectionchange", () => {
            if (document.activeElement === textarea) {
                follow();
            }
        });
        textarea.closest(".form-row").append(bar);
    }

    document.addEventListener("DOMContentLoaded", () => {
        tools = document.getElementById("evidence-tools");
        if (tools === null) {
            return;
        }
        document.querySelectorAll(WORDINGS).forEach(equip);
        document.addEventListener("formset:added", (event) => {
            event.target.querySelectorAll(WORDINGS).forEach(equip);
        });
    });
}

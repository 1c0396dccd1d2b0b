/* An autocomplete hides its field behind a box of its own. What a screen reader says of the field, it says of the box. */
"use strict";
{
    const $ = django.jQuery;
    const FIELDS = "select.admin-autocomplete";
    const SAID_OF_THE_FIELD = ["aria-describedby", "aria-invalid", "aria-required"];

    function labelOf(field) {
        const label = field.getAttribute("aria-label") ?? field.labels[0]?.textContent ?? "";
        return label.trim().replace(/:$/, "");
    }

    function chosenIn(field) {
        return [...field.selectedOptions].map((option) => option.text.trim()).filter((text) => text !== "");
    }

    function name(field) {
        const box = field.nextElementSibling?.querySelector(".select2-selection");
        if (!box) {
            return;
        }
        const label = labelOf(field);
        /* It refers to what is chosen only, by an id that changes when a row above is taken out. */
        box.removeAttribute("aria-labelledby");
        box.setAttribute("aria-label", [label, chosenIn(field).join(", ")].filter((text) => text !== "").join(": "));
        for (const attribute of SAID_OF_THE_FIELD) {
            if (field.hasAttribute(attribute)) {
                box.setAttribute(attribute, field.getAttribute(attribute));
            }
        }
        for (const part of box.querySelectorAll("[role=textbox], .select2-search__field")) {
            part.setAttribute("aria-label", label);
        }
    }

    function nameList(field) {
        const list = document.querySelector(".select2-container--open [role=listbox]");
        const search = document.querySelectorAll(".select2-container--open .select2-search__field");
        for (const part of [list, ...search]) {
            part.setAttribute("aria-label", labelOf(field));
        }
        field.nextElementSibling.querySelector(".select2-selection").setAttribute("aria-controls", list.id);
    }

    /* After the boxes were made: autocomplete.js stands before this file. */
    $(() => $(FIELDS).each((_index, field) => name(field)));
    document.addEventListener("formset:added", (event) => event.target.querySelectorAll(FIELDS).forEach(name));
    $(document).on("change", FIELDS, (event) => name(event.target));
    $(document).on("select2:open", FIELDS, (event) => nameList(event.target));
}

/* The list of statements in place: a choice, a page, an order or a search changes what is below the masthead, the address
   and the title, and nothing else. Without this script each of them is a link or a form that does the same; where anything
   goes wrong here, the browser goes there plainly. */
(() => {
  "use strict";
  const main = document.getElementById("content");
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.body.append(said);

  const query = (address) => address.pathname + address.search;
  const isOfList = (address) => address.origin === location.origin && address.pathname === location.pathname;
  const withKey = (key) => (key ? main.querySelector(`[data-key="${CSS.escape(key)}"]`) : null);
  const topOf = (element) => element.getBoundingClientRect().top;

  let shown = query(location);
  let asking = null;

  /* The list that this address has, and the address itself. Raises when that is anything else. */
  async function ask(address, signal) {
    const answer = await fetch(address, { signal });
    const from = new URL(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.querySelector("main#content:has(#found)");
    if (!answer.ok || !isOfList(from) || !content) throw new Error(answer.status);
    return { page, content, from };
  }

  /* What unfolds stays as the reader left it, unless what has the focus is in it. */
  function replaceContent(content) {
    const unfolded = new Map();
    for (const one of main.querySelectorAll("details[data-key]")) unfolded.set(one.dataset.key, one.open);
    main.replaceChildren(...content.childNodes);
    for (const one of main.querySelectorAll("details[data-key]")) one.open = unfolded.get(one.dataset.key) ?? one.open;
  }

  function replaceHead(page) {
    document.title = page.title;
    for (const links of ["link[rel=canonical]", "link[rel=alternate]", "meta[name=description]", "meta[name=robots]", "meta[property]"]) {
      document.head.querySelectorAll(links).forEach((one) => one.remove());
      document.head.append(...page.head.querySelectorAll(links));
    }
  }

  /* A choice keeps the focus and its place on the screen, and the number of statements is said; else the list has it. */
  function focusOn(key, top) {
    const found = document.getElementById("found");
    const chosen = withKey(key);
    if (!chosen) {
      found.focus({ preventScroll: true });
      return;
    }
    for (let one = chosen.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    chosen.focus({ preventScroll: true });
    scrollBy({ top: topOf(chosen) - top, behavior: "instant" });
    said.textContent = found.textContent;
  }

  async function show(address, { key = "", isBack = false, y = null } = {}) {
    asking?.abort();
    const mine = (asking = new AbortController());
    said.textContent = "";
    main.setAttribute("aria-busy", "true");
    try {
      const { page, content, from } = await ask(address, mine.signal);
      if (isBack && query(location) !== address) return; // gone forward again meanwhile
      const top = withKey(key) ? topOf(withKey(key)) : 0;
      if (!isBack && query(from) !== shown) {
        history.replaceState({ key, y: scrollY }, "");
        history.pushState(null, "", query(from));
      }
      shown = query(from);
      replaceHead(page);
      replaceContent(content);
      focusOn(key, top);
      if (isBack) scrollTo({ top: y ?? scrollY, behavior: "instant" });
      else if (!withKey(key)) document.getElementById("found").scrollIntoView({ block: "nearest" });
    } catch {
      if (mine.signal.aborted) return;
      if (isBack) location.reload();
      else location.assign(address);
    } finally {
      if (asking === mine) main.removeAttribute("aria-busy");
    }
  }

  main.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain) return;
    const address = new URL(link.href);
    if (!isOfList(address) || address.hash) return;
    event.preventDefault();
    // The second click of two would meet what the first one has put in its place.
    if (event.detail < 2) show(query(address), { key: link.dataset.key });
  });

  main.addEventListener("submit", (event) => {
    const address = new URL(event.target.action);
    if (!isOfList(address)) return;
    event.preventDefault();
    const given = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value.trim()));
    if (!given.has("q") && given.get("sort") === "relevance") given.delete("sort");
    address.search = given;
    show(query(address));
  });

  /* Links to a place on this page come here, too. */
  addEventListener("popstate", (event) => {
    if (query(location) !== shown) show(query(location), { ...event.state, isBack: true });
  });

  /* Who leaves is not called back by an answer that comes late. */
  addEventListener("pagehide", () => asking?.abort());
})();

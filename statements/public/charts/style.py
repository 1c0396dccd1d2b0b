"""The style of a chart as a file: it looks as on the page, in both colour schemes, from this site and from a disk."""

import base64
import hashlib

#: Quotation marks and angle brackets would be escaped in the file, and its style another one than the hash allows.
STYLE = (
    "text{font-family:system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Helvetica Neue,Arial,sans-serif}"
    "svg{overflow:visible;direction:ltr}"
    ".voice-a,.bars{color:#8a1c1c}.voice-b{color:#1f5a9c}.voice-c{color:#2b6b2f}"
    ".voice-d{color:#6a3d9a}.voice-e{color:#0b6670}.voice-f{color:#7d5300}"
    ".voice-others,.looks,.status{color:#5b574e}"
    ".paper,.on-colour{fill:#fbfaf6}.halo{stroke:#fbfaf6}"
    ".ground{fill:#fbfaf6}"
    ".notes text{stroke:#fbfaf6;stroke-width:4px;paint-order:stroke}.newest{font-weight:700;fill:#1c1b19}"
    ".heading{fill:#1c1b19}a .link{fill:#1f4a78;text-decoration:underline}"
    "a.mark:focus{outline:none}a.mark:focus .halo{stroke:#1c1b19;stroke-width:8px}"
    "@media(prefers-color-scheme:dark){"
    ".voice-a,.bars{color:#f09a8f}.voice-b{color:#8fc0f5}.voice-c{color:#97d08b}"
    ".voice-d{color:#cdb0f5}.voice-e{color:#6fd3d3}.voice-f{color:#e8c268}"
    ".voice-others,.looks,.status{color:#a9a499}"
    ".paper,.on-colour{fill:#16161a}.halo{stroke:#16161a}"
    ".ground{fill:#16161a}"
    ".notes text{stroke:#16161a}.newest{fill:#e9e6df}"
    ".heading{fill:#e9e6df}a .link{fill:#9cc3ee}"
    ".ticks text,.notes .quiet,.line{fill:#a9a499}.grid line{stroke:#3c3b40}.base{stroke:#a9a499}"
    "a.mark:focus .halo{stroke:#e9e6df}"
    "}"
)

#: As a Content-Security-Policy names it.
STYLE_HASH = "'sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode() + "'"

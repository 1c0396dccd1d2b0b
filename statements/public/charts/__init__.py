"""Charts, drawn on the server: no smoothed line, nothing averaged, every mark with its row in a table beside it."""

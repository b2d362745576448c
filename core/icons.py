"""The portal's icons: one path each on a grid of 16 × 16, drawn by stroke, placed inline by `{% icon %}`.

No icon font and no `data:` address, so that they pass a strict content security policy; always beside a word.
"""

ICONS = {
    # states
    "check": "M3 8.5l3.2 3.2L13 4.8",
    "cross": "M4 4l8 8M12 4l-8 8",
    "clock": "M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.8V8l2.2 1.4",
    "warn": "M8 2.2L14.4 13.4H1.6ZM8 6.4v3.2M8 11.6v.1",
    "info": "M8 2a6 6 0 100 12A6 6 0 008 2zM8 7.3v3.5M8 5.1v.1",
    "lock": "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 015 0v2.5",
    "offline": (
        "M2 2l12 12M5 8.5a4.5 4.5 0 012-1.1M11 8.5l-.8-.6"
        "M2.5 6a8.5 8.5 0 012.3-1.6M13.5 6A8.5 8.5 0 007.5 3.6M8 12.3v.1"
    ),
    # directions
    "up": "M8 13V3.5M4 7l4-4 4 4",
    "down": "M8 3v9.5M4 9l4 4 4-4",
    "open": "M4 6l4 4 4-4",
    "left": "M10 4L6 8l4 4",
    "right": "M6 4l4 4-4 4",
    # what can be done
    "add": "M8 3v10M3 8h10",
    "edit": "M3 13l.6-3L10.5 3l2.5 2.5L6 12.4zM9 4.5L11.5 7",
    "delete": "M3 4.5h10M6.5 4.5V2.5h3v2M4.5 4.5l.6 9h5.8l.6-9M7 7v4M9 7v4",
    "search": "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.5 10.5L14 14",
    "filter": "M2.5 3.5h11L9.5 8.5v4l-3 1.5V8.5z",
    "print": "M4.5 6V2h7v4M4.5 11.5H2.5v-5h11v5h-2M4.5 9.5h7V14h-7z",
    "download": "M8 2v8.5M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
    "upload": "M8 11V2.5M4.5 6L8 2.5 11.5 6M2.5 13.5h11",
    "undo": "M5.5 3L2.5 6l3 3M2.5 6H10a3.5 3.5 0 010 7H6",
    "refresh": "M13 8A5 5 0 113.8 5.3M3.5 2.5v3h3",
    "run": "M5 3l7.5 5L5 13z",
    "camera": "M2 5h3l1-2h4l1 2h3v8H2zM8 6.8a2.2 2.2 0 100 4.4 2.2 2.2 0 000-4.4z",
    "exit": "M6.5 2.5h-4v11h4M6.5 8H14M11 5l3 3-3 3",
    "menu": "M2.5 4h11M2.5 8h11M2.5 12h11",
    # things
    "home": "M2.5 7.5L8 2.8l5.5 4.7M4 6.5v7h8v-7M6.7 13.5v-4h2.6v4",
    "list": "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
    "person": "M8 2.5a2.7 2.7 0 100 5.4 2.7 2.7 0 000-5.4zM2.8 14a5.2 5.2 0 0110.4 0",
    "people": (
        "M6 3a2.3 2.3 0 100 4.6 2.3 2.3 0 000-4.6zM1.5 13a4.5 4.5 0 019 0"
        "M10.5 3.3a2.2 2.2 0 010 4.2M12 9.3a4.5 4.5 0 012.5 3.7"
    ),
    "document": "M4 2h5.5L12.5 5v9H4zM9.5 2v3.5h3M6 8.5h4.5M6 11h4.5",
    "building": "M3 14V3h6.5v11M9.5 7H13v7M2 14h12M5.2 5.5h2M5.2 8h2M5.2 10.5h2",
    "flag": "M4 14V2.5h8L10 5.5l2 3H4",
    "talk": "M2.5 3h11v8H7l-3 2.5V11H2.5z",
    "horn": "M3 6.5v3h2L11.5 13V3L5 6.5zM13.5 6.5v3",
    "ballot": "M3 8.5h10V14H3zM5.5 8.5L8 3l4 2-1.5 3.5M6 11.3h4",
    "hand": "M2.5 9l2-2h3l2 1.5H7.5M4.5 7L8 3.5l5.5 5-4 4-3-1",
    "calendar": "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
    "chart": "M2.5 13.5h11M4.5 11V7.5M8 11V3M11.5 11V5.5",
}

#: The portal's mark: four squares, one a standardisation. Drawn by fill, so it is not among the icons.
MARK = (
    '<svg class="mk" width="24" height="24" viewBox="0 0 16 16" aria-hidden="true">'
    '<path d="M1 1h6.3v6.3H1zM8.7 1H15v6.3H8.7zM1 8.7h6.3V15H1z" fill="#fff"/>'
    '<path d="M8.7 8.7H15V15H8.7z" fill="#e2564a"/></svg>'
)

"""What nobody may be told, and whether a program tells it. Each input of the table holds some of it."""

import base64
import re

# Stands in tokens and passwords.
WORD = "s3cr3t"
# That many characters of a key give away enough.
PIECE = 24


def in_base64(word):
    """What it looks like within any base64: one of these three."""
    for before in range(3):
        encoded = base64.b64encode(b" " * before + word.encode() + b"  ").decode()
        yield encoded[-(-before * 8 // 6) : (before + len(word)) * 8 // 6]


def pieces(text):
    """Of which one is in whatever shows a part of the text that is longer than one and a half."""
    return [text[at : at + PIECE] for at in range(0, len(text) - PIECE + 1, PIECE // 2)]


def of_key(pem):
    """A private key, as it stands in its file and within a kubeconfig."""
    head, *lines = pem.strip().splitlines()
    inside = base64.b64encode(pem.encode()).decode()[len(base64.b64encode(head.encode())) :]
    return [piece for text in (*lines[:-1], inside) for piece in pieces(text)]


def secrets(keys):
    return (WORD, *in_base64(WORD), *(piece for pem in keys for piece in of_key(pem)))


def told(text, known, words=()):
    """The first of what is known that the text tells, or of a case's own words; "" where it tells none."""
    found = next((one for one in known if one in text), "")
    return found or next((word for word in words if re.search(rf"\b{re.escape(word)}\b", text)), "")

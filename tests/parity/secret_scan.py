"""What nobody may be told, and whether a program tells it. Each input of the table holds some of it."""

import base64
import re

# Stands in tokens and passwords.
WORD = "s3cr3t"
# That many characters of a key give away enough.
PIECE_LENGTH = 24


def base64_forms(word):
    """What it looks like within any base64: one of these three."""
    for offset in range(3):
        encoded = base64.b64encode(b" " * offset + word.encode() + b"  ").decode()
        yield encoded[-(-offset * 8 // 6) : (offset + len(word)) * 8 // 6]


def pieces(text):
    """Of which one is in whatever shows a part of the text that is longer than one and a half."""
    return [text[at : at + PIECE_LENGTH] for at in range(0, len(text) - PIECE_LENGTH + 1, PIECE_LENGTH // 2)]


def key_pieces(pem):
    """A private key, as in its file and as in a kubeconfig."""
    head, *lines = pem.strip().splitlines()
    inside = base64.b64encode(pem.encode()).decode()[len(base64.b64encode(head.encode())) :]
    return [piece for text in (*lines[:-1], inside) for piece in pieces(text)]


def known_secrets(keys):
    return (WORD, *base64_forms(WORD), *(piece for pem in keys for piece in key_pieces(pem)))


def find_secret(text, secrets, case_words=()):
    """The first known secret, or word of the case, that the text contains; "" if it contains none."""
    match = next((secret for secret in secrets if secret in text), "")
    return match or next((word for word in case_words if re.search(rf"\b{re.escape(word)}\b", text)), "")

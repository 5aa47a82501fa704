# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people typed, sealed: a copy of the database tells none of it without the key of the words.

AES-256-GCM (NIST SP 800-38D) under a random nonce, bound to the place where it stands; the key
comes out of a secret by HKDF-SHA256 (RFC 5869).  Before the nonce stands which key it was, so that
keys can follow each other: the first of ``settings.WORDS_KEYS`` seals, all of them open.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import legible

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

MARK = "sealed:"
_NAME, _NONCE = 4, 12  # bytes


def _derived(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, None, b"wijkeconomie " + purpose).derive(secret.encode())


@cache
def _keys(secrets: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """Every key under its name, the one that seals first."""
    return {_derived(one, b"name", _NAME): AESGCM(_derived(one, b"words", 32)) for one in secrets}


def seal(data: bytes, place: str) -> bytes:
    """*data*, to be opened at *place* only.  Refusal("words_no_key") where no key would be kept."""
    for name, key in _keys(settings.WORDS_KEYS).items():
        nonce = os.urandom(_NONCE)
        return name + nonce + key.encrypt(nonce, data, place.encode())
    raise Refusal("words_no_key")


def opened(data: bytes, place: str) -> bytes:
    """What was sealed at *place*.

    Raises Refusal: ``words_locked`` where its key is not here, ``words_damaged`` where it is not
    what we sealed there.
    """
    name, nonce = data[:_NAME], data[_NAME : _NAME + _NONCE]
    key = _keys(settings.WORDS_KEYS).get(name)
    if key is None:
        raise Refusal("words_locked", key=name.hex())
    try:
        return key.decrypt(nonce, data[_NAME + _NONCE :], place.encode())
    except (InvalidTag, ValueError):
        raise Refusal("words_damaged", place=place) from None


def seal_text(text: str, place: str) -> str:
    """As it stands in the database; nothing stays nothing, so that constraints can see it."""
    return text and MARK + b64encode(seal(text.encode(), place)).decode()


def opened_text(text: str, place: str) -> str:
    """What :func:`seal_text` was given."""
    if text and not text.startswith(MARK):
        raise Refusal("words_damaged", place=place)
    return text and opened(b64decode(text[len(MARK) :]), place).decode()


def clean(value: Any) -> Any:
    """*value* with every text in it legible."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    return [clean(one) for one in value] if isinstance(value, list | tuple) else value


if TYPE_CHECKING:
    _Text = models.TextField[str | Combinable, str]
else:
    _Text = models.TextField


class SealedText(_Text):
    """A text that is sealed on its way into the database and opened on its way out.

    Nothing can be looked up by it but whether it is empty.
    """

    @property
    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"  # noqa: SLF001 -- Django's name for it

    def get_prep_value(self, value: Any) -> Any:
        """Of a lookup; what is saved passes by ``get_db_prep_save``."""
        if value:
            raise TypeError(f"{self._place} is sealed: nothing is found by its words")
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 -- Django
        """Legible from its arrival on, by whatever way it came; ``written`` does the rest."""
        given = super().pre_save(model_instance, add)
        if given is not None and not hasattr(given, "as_sql"):
            given = clean(given)
            setattr(model_instance, self.attname, given)
        return given

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:  # noqa: ARG002 -- Django
        """Sealed."""
        if value is None or hasattr(value, "as_sql"):
            return value
        return seal_text(self.written(value), self._place)

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Any:
        """Opened."""
        return value if value is None else self.read(opened_text(value, self._place))

    def written(self, value: Any) -> str:
        """As text."""
        return legible(str(value))

    def read(self, text: str) -> Any:
        """What was written."""
        return text


class SealedJSON(SealedText):
    """The same for what JSON can say."""

    if TYPE_CHECKING:

        def __get__(self, instance: Any, owner: Any = None) -> Any: ...
        def __set__(self, instance: Any, value: Any) -> None: ...

    def written(self, value: Any) -> str:
        """As text."""
        return json.dumps(clean(value), ensure_ascii=False)

    def read(self, text: str) -> Any:
        """What was written."""
        return json.loads(text)

    def to_python(self, value: Any) -> Any:
        """As it is."""
        return value


def anew() -> int:
    """Seal every text with the first key, so that older keys can go; how many records it were."""
    return sum(_anew(kind) for app in ("journey", "acting")
               for kind in apps.get_app_config(app).get_models())  # fmt: skip


@transaction.atomic
def _anew(kind: type[models.Model]) -> int:
    rows = kind._default_manager.select_for_update(no_key=True)  # noqa: SLF001 -- Django's name for it
    fields = kind._meta.concrete_fields  # noqa: SLF001
    names = [field.name for field in fields if isinstance(field, SealedText)]
    held = list(rows.values("pk", *names)) if names else []
    with getattr(kind, "resealed", nullcontext)():  # where triggers refuse every change
        for row in held:
            rows.filter(pk=row.pop("pk")).update(**row)
    return len(held)

"""Bilingual texts: whatever a ruleset says to a person it says in Chinese and in English."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Lang = Literal["zh", "en"]
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Model(BaseModel):
    """The base of every authored model: strict, closed, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


class Words(Model):
    """One text in both languages."""

    zh: Sentence
    en: Sentence

    def get(self, lang: str) -> str:
        """The text in `lang`, Chinese unless English is asked for."""
        return self.en if lang == "en" else self.zh

"""Gives every Python that finds this folder on PYTHONPATH the engine that does harm."""

from __future__ import annotations

import os

from tests.support.harmful_engine import harmed

harmed(os.environ["TONGBAO_HARM"])

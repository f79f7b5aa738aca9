"""What every section of the configuration is, and how one names a secret."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

PositiveInt = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    """Frozen, and a stranger among its keys is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SecretSource(Section):
    """Where a secret comes from: exactly one of three places, never the value itself."""

    env: str | None = None
    file: str | None = None
    command: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> SecretSource:
        if sum(place is not None for place in (self.env, self.file, self.command)) != 1:
            raise ValueError("give exactly one of env, file or command")
        return self

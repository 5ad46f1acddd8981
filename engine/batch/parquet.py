"""Parquet in and out: rows become lines of JSON as they are read, results become columns.

It needs pyarrow, which only the extras `parquet` and `spark` install.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any

from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from _typeshed import WriteableBuffer

    from engine.batch.writing import Cell

MAGIC = b"PAR1"
ENDING = ".parquet"
_ROWS = 8192
_BUFFERED = 1 << 20
_GROUP_ROWS, _GROUP_SIZE = 1 << 16, 32 << 20
_NUMBERS = frozenset({"line"})


def _needed() -> None:
    """Raises InputError where pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401 - whether it can be
    except ImportError as error:
        message = "Parquet needs pyarrow, which is not installed: pip install 'tongbao[parquet]'"
        raise InputError(message) from error


class ParquetLines(io.BufferedReader):
    """The rows of a Parquet file as a stream of lines of JSON, a batch of rows at a time."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        _needed()
        super().__init__(_Rows(file, name), _BUFFERED)
        self.fileobj = file
        """The file as stored, for whoever wants to know how much of it was read."""


class _Rows(io.RawIOBase):
    def __init__(self, file: IO[bytes], name: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._stored = file
        self._left, self._at = memoryview(b""), 0
        try:
            # Read column by column as needed: a whole group of rows may not fit into memory.
            self._file = pq.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFERED)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{name} is no Parquet file that can be read: {error}") from error
        self._texts = self._read()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stored.fileno()

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the text; what stands before it is read again."""
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation("the end of the text is not known")
        if offset < self._at:
            self._begin()
        scratch = bytearray(_BUFFERED)
        while self._at < offset:
            if not self.readinto(memoryview(scratch)[: offset - self._at]):
                break
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer)
        while not self._left:
            text = next(self._texts, None)
            if text is None:
                return 0
            self._left = text
        size = min(len(room), len(self._left))
        room[:size], self._left = self._left[:size], self._left[size:]
        self._at += size
        return size

    def _begin(self) -> None:
        self._texts, self._left, self._at = self._read(), memoryview(b""), 0

    def _read(self) -> Iterator[memoryview]:
        import pyarrow as pa

        from engine.batch.arrow_lines import joined, lines

        try:
            for batch in self._file.iter_batches(_ROWS):
                yield joined(lines(batch))
        except (pa.ArrowException, OSError) as error:
            raise OSError(str(error)) from error


class ParquetSink:
    """Writes rows of cells as Parquet, a group of rows at a time."""

    def __init__(self, stream: IO[bytes], columns: Sequence[str]) -> None:
        _needed()
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema: pa.Schema = pa.schema(
            [(name, pa.int64() if name in _NUMBERS else pa.string()) for name in columns]
        )
        self._writer: Any = pq.ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[Sequence[Cell]] = []
        self._size = 0

    def put(self, row: Sequence[Cell]) -> None:
        """Write a row."""
        self._rows.append(row)
        self._size += sum(len(one) for one in row if isinstance(one, str))
        if len(self._rows) == _GROUP_ROWS or self._size > _GROUP_SIZE:
            self._flush()

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa

        cells = zip(*self._rows, strict=True)
        columns = [
            pa.array(one, field.type) for one, field in zip(cells, self._schema, strict=True)
        ]
        self._writer.write_table(pa.table(columns, schema=self._schema))
        self._rows, self._size = [], 0

"""A table that grows at its end while it is sorted."""

from __future__ import annotations

from yichuang.widgets import Column, DataTable


def test_rows_that_come_later_stand_where_the_sorting_puts_them(qtbot, window):
    made = DataTable([Column("item", "事项", 100, sort=True)])
    window(made)
    made.set_rows([{"id": 1, "item": "b"}, {"id": 2, "item": "d"}])
    made.set_sort("item", descending=True)
    made.select(1)
    made.append_rows([{"id": 3, "item": "c"}, {"id": 4, "item": "a"}])
    assert [each["id"] for each in made.rows()] == [2, 3, 1, 4]
    assert made.current_row()["id"] == 1

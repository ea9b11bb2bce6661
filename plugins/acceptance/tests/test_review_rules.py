"""Review graphs: what is refused with node and reason; going through any graph, compared with a slow reference."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang_acceptance.rules.review_flow import Mark, moves, reopened
from yichuang_acceptance.rules.review_graph import Graph, Kind
from yichuang_acceptance.rules.review_parse import MOST_NODES, GraphError, read_graph

from .review import GRAPH, ONE_REVIEW


def changed(node: str, **values: Any) -> dict[str, Any]:
    graph = deepcopy(GRAPH)
    found = next(each for each in graph["nodes"] if each["id"] == node)
    found |= values
    return graph


def with_edges(*edges: list[str], without: tuple[list[str], ...] = ()) -> dict[str, Any]:
    graph = deepcopy(GRAPH)
    graph["edges"] = [edge for edge in graph["edges"] if edge not in without] + list(edges)
    return graph


def test_the_example_of_the_field_is_read():
    graph = read_graph(GRAPH)
    assert [graph.nodes[name].kind for name in graph.in_order[:2]] == [Kind.REVIEW, Kind.SITE]
    assert (graph.decide, graph.nodes["n2a"].officers, graph.nodes["n2a"].special) == ("n3", 2, "inspection")
    assert graph.returns("n3") == ["n1", "n2a", "n2b"]
    assert read_graph(changed("n3", return_to=["n2a"])).returns("n3") == ["n2a"]
    assert read_graph({"nodes": [{"id": "d", "kind": "decide", "name": "决定"}], "edges": []}).decide == "d"


@pytest.mark.parametrize(
    ("graph", "node"),
    [
        ({}, ""),
        ({"nodes": [], "edges": []}, ""),
        ({"nodes": [{"id": "1x", "kind": "review"}], "edges": []}, ""),
        (with_edges(["n3", "n1"], without=(["n3", "n4", "grant"],)), "n3"),
        (with_edges(["n2a", "n1"]), "j"),  # a circle
        (with_edges(["n1", "n9"]), "n9"),
        (with_edges(["n1", "n2a"]), "n1"),  # twice
        (with_edges(without=(["n1", "n2b"],)), "n2b"),  # a second start
        (with_edges(without=(["n2b", "j"],)), "n2b"),  # its way ends nowhere
        (with_edges(["n2a", "n3"]), "n3"),  # two ways in without a join
        (with_edges(without=(["n3", "n4", "grant"],)), "n4"),  # nothing leads to it
        (with_edges(["n3", "n4"], without=(["n3", "n4", "grant"],)), "n3"),
        (with_edges(["j"]), ""),
        (changed("j", need=3), "j"),
        (changed("j", need=0), "j"),
        (changed("j", need="some"), "j"),
        (changed("j", name="x"), "j"),
        (changed("n1", kind="vote"), "n1"),
        (changed("n1", id="n3"), "n3"),
        (changed("n1", name=""), "n1"),
        (changed("n1", name="长" * 41), "n1"),
        (changed("n1", role="king"), "n1"),
        (changed("n1", role="issue.clerk"), "n1"),
        (changed("n1", staff_min=2), "n1"),
        (changed("n1", agency="x"), "n1"),
        (changed("n1", prereview="yes"), "n1"),
        (changed("n2a", prereview=True), "n2a"),
        (changed("n1", prereview=True, limit={"n": 21, "u": "W"}), "n1"),
        (changed("n1", prereview=True, limit={"n": 5, "u": "D"}), "n1"),
        (changed("n1", limit={"n": 0, "u": "W"}), "n1"),
        (changed("n1", limit={"n": 400, "u": "W"}), "n1"),
        (changed("n1", limit={"n": 1.3, "u": "W"}), "n1"),
        (changed("n1", limit={"n": float("nan"), "u": "W"}), "n1"),
        (changed("n1", limit={"n": 2, "u": "M"}), "n1"),
        (changed("n1", limit=3), "n1"),
        (changed("n1", points=["a", "a"]), "n1"),
        (changed("n1", points="a"), "n1"),
        (changed("n1", when="form.area("), "n1"),
        (changed("n1", when=3), "n1"),
        (changed("n1", not_same_as=["n2a"]), "n1"),
        (changed("n1", return_to=["n1"]), "n1"),
        (changed("n3", return_to=["n4"]), "n3"),
        (changed("n3", return_to=["j"]), "n3"),
        (changed("n2a", staff_min=1), "n2a"),
        (changed("n2a", special="DANCE"), "n2a"),
        (changed("n2b", agency=""), "n2b"),
        (changed("n2b", silent_ok="yes"), "n2b"),
        ({**changed("n2b"), "more": 1}, ""),
        ({"nodes": [{"id": "a", "kind": "review", "name": "x"}], "edges": []}, ""),  # no decision
        ({"nodes": [{"id": f"n{i}", "kind": "review", "name": "x"} for i in range(41)], "edges": []}, ""),
    ],
)
def test_a_graph_that_cannot_work_is_refused_by_node_and_reason(graph, node):
    with pytest.raises(GraphError) as error:
        read_graph(graph)
    assert error.value.detail["node"] == node
    assert node in error.value.as_dict("zh_CN")["sentence"]
    assert error.value.as_dict("en")["sentence"] != error.value.as_dict("zh_CN")["sentence"]


def test_without_a_limit_silence_is_no_consent():
    graph = changed("n2b")
    del graph["nodes"][2]["limit"]
    with pytest.raises(GraphError) as error:
        read_graph(graph)
    assert error.value.detail["node"] == "n2b"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 50)
    | st.sampled_from(["", "n1", "review", "join", "all", "decide", "d"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "kind", "need", "name", "limit", "n", "u"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(nodes=JSON, edges=JSON)
def test_any_json_is_read_or_refused(nodes, edges):
    try:
        read_graph({"nodes": nodes, "edges": edges})
    except GraphError:
        return


# ---- going through any graph ----


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    """Reviews with forks and joins in one another, conditions here and there."""
    nodes: list[dict[str, Any]] = []
    edges: list[list[str]] = []

    def node(kind: str = "") -> str:
        name = f"n{len(nodes)}"
        made: dict[str, Any] = {
            "id": name,
            "kind": kind or draw(st.sampled_from(["review", "review", "site"])),
            "name": "步骤",
        }
        if draw(st.booleans()):
            made["when"] = draw(
                st.sampled_from(["form.a > 5", "form.b > 5", "form.a > form.b", "form.missing > 1"])
            )
        nodes.append(made)
        return name

    def part(depth: int) -> tuple[str, str]:
        """A piece with one way in and one way out."""
        first = last = node()
        for _ in range(draw(st.integers(0, 2))):
            if depth > 0 and draw(st.booleans()):
                ways = [part(depth - 1) for _ in range(draw(st.integers(2, 3)))]
                join = f"n{len(nodes)}"
                need = draw(st.sampled_from(["all", 1, 2]))
                nodes.append({"id": join, "kind": "join", "need": need})
                edges.extend([last, way[0]] for way in ways)
                edges.extend([way[1], join] for way in ways)
                last = join
            else:
                following = node()
                edges.append([last, following])
                last = following
        return first, last

    _first, last = part(2)
    nodes.append({"id": "end", "kind": "decide", "name": "决定"})
    edges.append([last, "end"])
    return {"nodes": nodes, "edges": edges}


class Slow:
    """The same by sending tokens from node to node, with nothing worked out beforehand."""

    def __init__(self, raw: dict[str, Any], form: dict[str, Any]) -> None:
        self.raw, self.form = raw, form
        self.kinds = {n["id"]: n for n in raw["nodes"]}
        self.state: dict[str, str] = {}
        self.step()

    def into(self, name: str) -> list[str]:
        return [a for a, b in self.raw["edges"] if b == name]

    def out(self, name: str) -> list[str]:
        return [b for a, b in self.raw["edges"] if a == name]

    def holds(self, when: str) -> bool:
        a, b = float(self.form["a"]), float(self.form["b"])
        return {"form.a > 5": a > 5, "form.b > 5": b > 5, "form.a > form.b": a > b}.get(when, True)

    def over(self, name: str) -> bool:
        if self.kinds[name]["kind"] != "join":
            return self.state.get(name) in ("done", "skipped")
        ways = self.into(name)
        over = [way for way in ways if self.over(way)]
        need = self.kinds[name]["need"]
        examined = [way for way in over if self.state.get(way) != "skipped"]
        return len(over) == len(ways) or (need != "all" and len(examined) >= need)

    def waited_for(self, name: str) -> bool:
        return name == "end" or any(not self.over(b) and self.waited_for(b) for b in self.out(name))

    def step(self) -> None:
        again = True
        while again:
            again = False
            for name, made in self.kinds.items():
                if made["kind"] == "join" or name in self.state:
                    continue
                if all(self.over(a) for a in self.into(name)) and self.waited_for(name):
                    self.state[name] = "open" if self.holds(made.get("when", "")) else "skipped"
                    again = True
        for name in [n for n, s in self.state.items() if s == "open" and not self.waited_for(n)]:
            del self.state[name]

    def back(self, to: str) -> None:
        ahead = [to]
        while ahead:
            name = ahead.pop()
            self.state.pop(name, None)
            ahead += self.out(name)
        self.step()


def apply(graph: Graph, marks: dict[str, Mark], form: dict[str, Any], entered: list[str]) -> None:
    found = moves(graph, marks, form)
    assert not set(found.opens) & set(found.skips)
    for name in found.skips:
        marks[name] = Mark.SKIPPED
    for name in found.drops:
        del marks[name]
    for name in found.opens:
        marks[name] = Mark.OPEN
    entered += [*found.opens, *found.skips]
    assert moves(graph, marks, form) == type(found)((), (), ()), "nothing is left to do"


@settings(max_examples=60, deadline=None)
@given(
    raw=graphs().filter(lambda raw: len(raw["nodes"]) <= MOST_NODES),
    a=st.integers(0, 9),
    b=st.integers(0, 9),
    data=st.data(),
)
def test_every_case_comes_to_its_decision_and_no_node_twice_in_a_round(raw, a, b, data):
    graph, form = read_graph(raw), {"a": str(a), "b": str(b)}
    slow = Slow(raw, form)
    marks: dict[str, Mark] = {}
    entered: list[str] = []
    apply(graph, marks, form, entered)
    returns = 0
    for _ in range(200):
        waiting = [name for name, mark in marks.items() if mark is Mark.OPEN]
        assert sorted(waiting) == sorted(n for n, s in slow.state.items() if s == "open")
        assert waiting, "an undecided case waits for somebody"
        if "end" in waiting:
            assert waiting == ["end"], "nobody else works on a case that is being decided"
        act = data.draw(st.sampled_from(sorted(waiting)), label="node")
        back = graph.returns(act)
        if returns < 3 and back and data.draw(st.booleans(), label="back"):
            to = data.draw(st.sampled_from(back), label="to")
            marks = {name: mark for name, mark in marks.items() if name not in reopened(graph, to)}
            slow.back(to)
            returns, entered = returns + 1, []
        elif act == "end":
            return
        else:
            marks[act] = Mark.DONE
            slow.state[act] = "done"
            slow.step()
        apply(graph, marks, form, entered)
        assert len(entered) == len(set(entered)), "once in a round"
    raise AssertionError("it never ends")


def test_a_condition_that_cannot_be_decided_leaves_nothing_out():
    graph = read_graph(changed("n2a", when="form.area > 50"))
    done = {"n1": Mark.DONE}
    assert moves(graph, done, {}).opens == ("n2a", "n2b")
    assert moves(graph, done, {"area": "x"}).opens == ("n2a", "n2b")
    assert moves(graph, done, {"area": "20"}).skips == ("n2a",)


def test_one_of_two_is_enough_where_the_join_says_so():
    graph = read_graph(changed("j", need=1))
    both = {"n1": Mark.DONE, "n2a": Mark.OPEN, "n2b": Mark.DONE}
    assert moves(graph, both, {}).drops == ("n2a",)
    skipped = {"n1": Mark.DONE, "n2a": Mark.SKIPPED, "n2b": Mark.OPEN}
    assert moves(graph, skipped, {}).opens == (), "what was left out has not been examined"


def test_a_review_of_one_node():
    graph = read_graph(ONE_REVIEW)
    assert moves(graph, {}, {}).opens == ("n1",)
    assert moves(graph, {"n1": Mark.DONE}, {}).opens == ("d",)


def test_the_graphs_of_the_model_hall_are_read_and_two_people_are_needed_for_each():
    path = files("yichuang_resources") / "acceptance" / "review_graphs.json"
    graphs = json.loads(path.read_text(encoding="utf-8"))
    assert len(graphs) == 10
    for name, raw in graphs.items():
        graph = read_graph(raw)
        assert "acceptor" in graph.nodes[graph.decide].not_same_as, name
        inspected = [n for n in graph.nodes.values() if n.kind is Kind.SITE]
        assert all(node.officers >= 2 and node.points for node in inspected), name

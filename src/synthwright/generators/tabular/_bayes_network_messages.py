"""Draws from a tree given what is known: messages towards the root, then codes away from it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthwright.generators.tabular._bayes_network_node import Node

__all__ = ["draw_codes"]


def draw_codes(
    nodes: Mapping[str, Node], known: Mapping[str, np.ndarray], uniforms: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Codes of every column, distributed as the network's given the `known` ones (Pearl 1988, chapter 4).

    `nodes` has parents before children; a known code equal to the node's size says nothing. Evidence that the network
    holds impossible is not passed on.
    """
    support = _support(nodes, known)
    codes: dict[str, np.ndarray] = {}
    for name, node in nodes.items():
        size, above = node.bins.size, np.int64(0) if node.parent is None else codes[node.parent]
        if name in support:
            weights = node.table[np.broadcast_to(above, uniforms[name].shape)]
            told = weights * support[name]
            steps = np.cumsum(np.where(told.sum(axis=1, keepdims=True) > 0, told, weights), axis=1)
            drawn = (steps <= (uniforms[name] * steps[:, -1])[:, None]).sum(axis=1)
        else:
            drawn = np.searchsorted(node.ladder, uniforms[name] + above, side="right") - above * size
        drawn = np.clip(drawn, 0, size - 1)
        codes[name] = drawn if name not in known else np.where(known[name] < size, known[name], drawn)
    return codes


def _support(nodes: Mapping[str, Node], known: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """How likely the evidence at and below a node is given each of its codes (rows, codes), up to a factor per row."""
    support: dict[str, np.ndarray] = {}
    for name in reversed(list(nodes)):
        node = nodes[name]
        if name in known:
            told = known[name] < node.bins.size
            shown = np.eye(node.bins.size + 1)[known[name]][:, :-1]
            support[name] = np.where(told[:, None], shown, support.get(name, 1.0))
        if name not in support or node.parent is None:
            continue
        message = support[name] @ node.table.T
        largest = message.max(axis=1, keepdims=True)
        message = np.where(largest > 0, message / np.where(largest > 0, largest, 1.0), 1.0)
        support[node.parent] = support.get(node.parent, 1.0) * message
    return support

"""How often the divergence alarm of `SourceMonitor` is false, and how soon it is right.

    python benchmarks/divergence_alarm.py

4,000 simulated trainings per line, another seed than the thresholds have. Noise is AR(1) with variance 1 and
correlation `memory` from epoch to epoch. Null trainings: the loss on synthetic rows falls by 1 an epoch and that on
real rows is flat, or falls by .1 an epoch. Planted ones: it is flat for half of the training and then rises by `rise`
(in standard deviations of the noise) per epoch, while the loss on synthetic rows falls by as much.
Writes results/divergence_alarm.json.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from synthwright.files import write_json
from synthwright.seeding import Streams
from synthwright.training.divergence import null_curves, rises, thresholds

HERE = Path(__file__).parent
TRAININGS = 4_000
RATE = 0.05


def first_alarms(synthetic: np.ndarray, real: np.ndarray) -> np.ndarray:
    """The epoch of each training's first alarm, or its number of epochs where there is none."""
    epochs = real.shape[1]
    risen, fallen = np.zeros((2, *real.shape), dtype=bool)
    for window, threshold in thresholds(epochs, RATE).items():
        risen[:, window - 1 :] |= rises(real, window) > threshold
        fallen[:, window - 1 :] |= rises(-synthetic, window) > threshold
    both = risen & fallen
    return np.where(both.any(axis=1), both.argmax(axis=1), epochs)


def simulated(epochs: int, memory: float, *, rise: float | None, drift: float = 0.0) -> dict[str, object]:
    """One line: the share of trainings with an alarm, and for planted ones the epochs from the turn to the alarm."""
    streams = Streams(1).at("alarm", epochs, str(memory))
    real = null_curves(TRAININGS, epochs, memory, streams.at("real"))
    synthetic = null_curves(TRAININGS, epochs, memory, streams.at("synthetic"))
    after = np.maximum(np.arange(epochs) - epochs // 2 + 1, 0)
    real = real - drift * np.arange(epochs) + (rise or 0.0) * after
    synthetic = synthetic - (1.0 if rise is None else rise) * np.arange(epochs)
    first = first_alarms(synthetic, real)
    told: dict[str, object] = {"epochs": epochs, "memory": memory, "alarms": float((first < epochs).mean())}
    if rise is None:
        return told | {"drift": drift}
    after_turn = first[(first < epochs) & (first >= epochs // 2)] - epochs // 2 + 1
    return told | {"rise": rise, "median_epochs": float(np.median(after_turn)) if len(after_turn) else None}


def main() -> None:
    memories = (0.0, 0.4, 0.7, 0.8)
    null = [simulated(e, m, rise=None, drift=d) for e in (20, 60) for m in memories for d in (0.0, 0.1)]
    planted = [simulated(e, m, rise=r) for e in (20, 60) for m in (0.0, 0.4, 0.7) for r in (0.25, 0.5, 1.0, 2.0)]
    for line in [*null, *planted]:
        print(line)
    write_json(HERE / "results/divergence_alarm.json", {"rate": RATE, "null": null, "planted": planted})


if __name__ == "__main__":
    main()

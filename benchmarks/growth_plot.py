"""The growth of cost, drawn."""

from collections.abc import Sequence
from pathlib import Path


def draw(head: Sequence[str], rows: Sequence[Sequence[float]], path: Path) -> None:
    """Draw the columns in milliseconds, and those in bytes, over the first of *rows*."""
    # The extra `report` brings it; the table needs none.
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    sizes = [row[0] for row in rows]
    for column, name in enumerate(head[1:], start=1):
        in_bytes = name in ("disk B/passage", "memory B/passage", "of it private")
        axes[int(in_bytes)].plot(sizes, [row[column] for row in rows], marker="o", label=name)
    for axis, unit in zip(axes, ("milliseconds", "bytes a passage"), strict=True):
        axis.set(xscale="log", yscale="log", xlabel="passages", ylabel=unit)
        axis.grid(alpha=0.3)
        axis.legend(fontsize="small")
    figure.savefig(path)
    plt.close(figure)

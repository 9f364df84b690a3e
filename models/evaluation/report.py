"""The study's figures for people: Markdown with a plot."""

from __future__ import annotations

from typing import Any

from models.evaluation.study import JUDGE

JUDGE_ROLE = "the judge: nothing was fitted, trained or selected with it"
BAR_WIDTH, BAR_HEIGHT, LABEL_WIDTH = 420, 20, 300
PLOT_COLOURS = {"bar": "#3b6ea5", "interval": "#1a1a1a", "line": "#b04a2f", "text": "#1a1a1a"}


def markdown(report: dict[str, Any], plot: str) -> str:
    """The report as one page that shows the plot of that file name."""
    lines = [
        "# How much like the person",
        "",
        (
            f"{report['speakers']} people, each cloned from their reference recording by the code of the browser and "
            "of the server, and compared with other recordings of theirs: each side is the mean of several "
            "utterances' embeddings. In brackets: 95 % of bootstrap resamples of the "
            "people. Made by `python3 build.py evaluate`."
        ),
        "",
        f"![Share of the way from floor to ceiling]({plot})",
        "",
    ]
    for encoder, figures in report["similarity"].items():
        lines += _similarity(encoder, figures)
    lines += ["## Words, naturalness, pitch, pace", ""]
    lines += [
        "Word error rate: Whisper tiny. Naturalness: DNSMOS overall, 1 to 5. Pitch and pace: against the reference.",
        "",
        "| | word error rate, % | DNSMOS | F0 error, semitones | F0 correlation | pace error, % |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in report["naturalness"]:
        wer, prosody = report["intelligibility"].get(name), report["prosody"].get(name)
        cells = [
            _figure({key: 100 * value for key, value in wer.items()}, 1) if wer else "",
            _figure(report["naturalness"][name], 2),
            *(
                [
                    f"{prosody['f0_median_error_semitones']:.2f}",
                    f"{prosody['f0_correlation']:.2f}",
                    f"{prosody['rate_error_percent']:.0f}",
                ]
                if prosody
                else ["", "", ""]
            ),
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", "Spoken by every voice: " + " ".join(f"“{text}”" for text in report["texts"])]
    lines += ["", f"Adapter: SHA-256 `{report['adapter_sha256']}`"]
    lines += ["", f"Timbre filter: SHA-256 `{report['timbre_sha256']}`", ""]
    return "\n".join(lines)


def _similarity(encoder: str, figures: dict[str, Any]) -> list[str]:
    role = (
        "the judge: nothing was fitted, trained or selected with it"
        if encoder == JUDGE
        else "what the app conditions on"
    )
    lines = [
        f"## Cosine by {encoder} ({role})",
        "",
        (
            "| | own person | others, same sex | gap | share of floor to ceiling, % | of one sentence, % "
            "| over nearest stock | closest to own, % | equal error rate, % |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        (
            f"| the person's reference (ceiling, floor) | {_figure(figures['ceiling'], 3)} "
            f"| {_figure(figures['floor'], 3)} | | "
            f"100 | | | {100 * figures['people_top_one']['value']:.0f} "
            f"| {100 * figures['people_equal_error_rate']:.1f} |"
        ),
    ]
    for name, row in figures["systems"].items():
        share, one = (
            {key: 100 * value for key, value in row[which].items()} for which in ("share", "share_of_one_sentence")
        )
        lines.append(
            f"| {name} | {_figure(row['matched'], 3)} | {_figure(row['mismatched'], 3)} | {_figure(row['gap'], 3)} "
            f"| {_figure(share, 0)} | {_figure(one, 0)} | {_figure(row['over_nearest_stock'], 3)} "
            f"| {100 * row['top_one']['value']:.0f} | {100 * row['equal_error_rate']:.1f} |"
        )
    return [*lines, ""]


def _figure(value: dict[str, float], digits: int) -> str:
    low, high = f"{value['low']:.{digits}f}", f"{value['high']:.{digits}f}"
    return f"{value['value']:.{digits}f} ({low} to {high})"


def plot(report: dict[str, Any]) -> str:
    """An SVG: how far each system goes from floor (0 %) to ceiling (100 %) by the judge, with intervals."""
    systems = report["similarity"][JUDGE]["systems"]
    height = BAR_HEIGHT * 2 * len(systems) + 60
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL_WIDTH + BAR_WIDTH + 80}" height="{height}" '
            f'font-family="sans-serif" font-size="13" fill="{PLOT_COLOURS["text"]}">'
        ),
        (
            f'<rect width="100%" height="100%" fill="white"/><text x="{LABEL_WIDTH}" y="18">'
            "Share of the way from floor to ceiling, by the judge</text>"
        ),
    ]

    def x(share: float) -> float:
        return LABEL_WIDTH + BAR_WIDTH * min(max(share, 0.0), 1.0)

    for index, (name, row) in enumerate(systems.items()):
        y, share = 34 + 2 * BAR_HEIGHT * index, row["share"]
        parts += [
            f'<text x="{LABEL_WIDTH - 8}" y="{y + 15}" text-anchor="end">{name}</text>',
            (
                f'<rect x="{LABEL_WIDTH}" y="{y}" width="{x(share["value"]) - LABEL_WIDTH:.1f}" height="{BAR_HEIGHT}" '
                f'fill="{PLOT_COLOURS["bar"]}"/>'
            ),
            (
                f'<line x1="{x(share["low"]):.1f}" x2="{x(share["high"]):.1f}" y1="{y + 10}" y2="{y + 10}" '
                f'stroke="{PLOT_COLOURS["interval"]}" stroke-width="2"/>'
            ),
            f'<text x="{x(share["high"]) + 6:.1f}" y="{y + 15}">{100 * share["value"]:.0f} %</text>',
        ]
    target = x(0.6)
    parts.append(
        f'<line x1="{target}" x2="{target}" y1="26" y2="{height - 16}" stroke="{PLOT_COLOURS["line"]}" '
        'stroke-dasharray="4 3"/></svg>'
    )
    return "\n".join(parts) + "\n"

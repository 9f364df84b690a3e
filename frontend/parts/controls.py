"""Buttons and fields in this app's looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import panel as pn

from frontend.bridge import fail
from frontend.styles import sheet

Action = Callable[[], Awaitable[None] | None]


def button(
    text: str, action: Action, role: str = "plain", icon: str = "", key: str = "", **options: Any
) -> pn.widgets.Button:
    """A button of a role: primary, plain, quiet or recording. `key` is what the focus finds it by."""

    async def clicked(_event: object) -> None:
        try:
            if (result := action()) is not None:
                await result
        except Exception as error:  # Panel would keep it to itself
            fail(error)

    made = pn.widgets.Button(
        name=text,
        icon=icon or None,
        icon_size="20px",
        margin=0,
        css_classes=[name for name in (role, key) if name],
        stylesheets=[sheet("button")],
        **options,
    )
    made.on_click(clicked)
    return made


def text_field(label: str, value: str, changed: Callable[[str], None], **options: Any) -> pn.widgets.TextInput:
    """One line of text, as wide as there is room unless `width` says so; `changed` hears every keystroke."""
    wide = {} if "width" in options else {"sizing_mode": "stretch_width"}
    field = pn.widgets.TextInput(name=label, value=value, margin=0, stylesheets=[sheet("field")], **wide, **options)
    field.param.watch(lambda event: changed(event.new), "value_input")
    return field


def passphrase_field(label: str, key: str) -> pn.widgets.PasswordInput:
    """A passphrase, hidden; read its `value_input`."""
    return pn.widgets.PasswordInput(
        name=label, margin=0, sizing_mode="stretch_width", css_classes=[key], stylesheets=[sheet("field")]
    )


def text_area(label: str, value: str, changed: Callable[[str], None], **options: Any) -> pn.widgets.TextAreaInput:
    """Several lines of text; `changed` hears every keystroke."""
    field = pn.widgets.TextAreaInput(
        name=label, value=value, margin=0, sizing_mode="stretch_width", stylesheets=[sheet("field")], **options
    )
    field.param.watch(lambda event: changed(event.new), "value_input")
    return field


def choice(
    label: str, entries: dict[str, Any], value: Any, changed: Callable[[Any], Any], **options: Any
) -> pn.widgets.Select:
    """One of several, by their names."""
    field = pn.widgets.Select(
        name=label, options=entries, value=value, margin=0, stylesheets=[sheet("field")], **options
    )
    field.param.watch(lambda event: changed(event.new), "value")
    return field


def checkbox(label: str, value: bool, changed: Callable[[bool], None]) -> pn.widgets.CheckBoxGroup:
    """A box to tick: a group of one, because Bokeh's single checkbox has no label that a screen reader finds."""
    box = pn.widgets.CheckBoxGroup(
        options=[label],
        value=[label] if value else [],
        margin=0,
        sizing_mode="stretch_width",
        stylesheets=[sheet("check")],
    )
    box.param.watch(lambda event: changed(bool(event.new)), "value")
    return box


def stack(*parts: Any, role: str = "", visible: bool = True) -> pn.Column:
    """Parts below each other; roles: tight, card."""
    looks = {"margin": 0, "css_classes": role.split(), "stylesheets": [sheet("stack")], "sizing_mode": "stretch_width"}
    return pn.Column(*parts, visible=visible, **looks)


def line(*parts: Any, role: str = "actions", visible: bool = True) -> pn.Row:
    """Parts side by side, wrapping where it is narrow."""
    looks = {"margin": 0, "css_classes": role.split(), "stylesheets": [sheet("stack")], "sizing_mode": "stretch_width"}
    return pn.Row(*parts, visible=visible, **looks)

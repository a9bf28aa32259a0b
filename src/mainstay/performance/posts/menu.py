"""What this app adds to the menu."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.menu import MenuItem, register
from mainstay.performance.posts import queries

SECTION = "performance"


def register_all() -> None:
    """Register the entries of 4R management."""
    register(MenuItem("posts.posts", _("Posts"), "posts:post_list", queries.VIEW, SECTION, order=40))
    register(MenuItem("posts.processes", _("Work processes"), "posts:process_list", None, SECTION, order=42))
    register(
        MenuItem("posts.fit", _("Qualifications and fit"), "posts:fit_matrix", queries.VIEW_FIT, SECTION, order=44)
    )

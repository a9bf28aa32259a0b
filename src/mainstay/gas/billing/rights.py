"""Rights that guard the pages of billing."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right

VIEW_BILL = register_right("gas.billing.view_bill", _("View bills"))
VIEW_RUN = register_right("gas.billing.view_run", _("View billing runs"))

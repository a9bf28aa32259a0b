"""Money received is never rewritten."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, BlockRange, NoDelete, SetwiseForeignKey


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("customers", "0002_guards"), ("billing", "0002_guards")]
    operations = [
        AppendOnly("payments_payment"),
        AppendOnly("payments_allocation"),
        AppendOnly("payments_serial"),
        NoDelete("payments_shift"),
        SetwiseForeignKey("payments_payment", ["account_id"], "customers_account"),
        SetwiseForeignKey(
            "payments_allocation", ["account_id", "period", "seq"], "billing_bill", ["account_id", "period", "seq"]
        ),
        BlockRange("payments_payment", "business_on"),
    ]

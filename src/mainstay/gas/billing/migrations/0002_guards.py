"""Posted bills never change, and their parts belong to them."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, BlockRange, SetwiseForeignKey


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_tables"), ("customers", "0002_guards")]
    operations = [
        AppendOnly("billing_bill"),
        AppendOnly("billing_chargeline"),
        SetwiseForeignKey("billing_bill", ["account_id"], "customers_account"),
        SetwiseForeignKey(
            "billing_chargeline",
            ["account_id", "period", "seq"],
            "billing_bill",
            ["account_id", "period", "seq"],
        ),
        SetwiseForeignKey(
            "billing_openitem", ["account_id", "period", "seq"], "billing_bill", ["account_id", "period", "seq"]
        ),
        BlockRange("billing_bill", "run_id"),
    ]

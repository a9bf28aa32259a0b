"""Nothing in the ledger is updated or deleted."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, BlockRange, NoDelete, SetwiseForeignKey


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables"), ("customers", "0002_guards")]
    operations = [
        NoDelete("ledger_ledgeraccount", key_columns=["code"]),
        AppendOnly("ledger_posting"),
        AppendOnly("ledger_closedday", ["reopened"]),
        NoDelete("ledger_closedmonth"),
        SetwiseForeignKey("ledger_posting", ["account_id"], "customers_account", skip_zero=True),
        SetwiseForeignKey("ledger_posting", ["debit"], "ledger_ledgeraccount", ["code"]),
        SetwiseForeignKey("ledger_posting", ["credit"], "ledger_ledgeraccount", ["code"]),
        BlockRange("ledger_posting", "business_on"),
    ]

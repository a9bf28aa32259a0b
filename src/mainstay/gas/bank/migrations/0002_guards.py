"""What was said with a bank is never rewritten."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, BlockRange, NoDelete, SetwiseForeignKey


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial"), ("customers", "0002_guards")]
    operations = [
        NoDelete("bank_bank"),
        NoDelete("bank_line"),
        NoDelete("bank_statement"),
        AppendOnly("bank_entry"),
        AppendOnly("bank_lineevent"),
        AppendOnly("bank_statementline"),
        AppendOnly("bank_settlement"),
        AppendOnly("bank_withholdingline", ["result", "note", "payment_no"]),
        SetwiseForeignKey("bank_entry", ["account_id"], "customers_account", nullable=True),
        SetwiseForeignKey("bank_entry", ["bank_id"], "bank_bank"),
        SetwiseForeignKey("bank_entry", ["line_id"], "bank_line", nullable=True),
        SetwiseForeignKey("bank_statementline", ["statement_id"], "bank_statement"),
        BlockRange("bank_entry", "business_on"),
    ]

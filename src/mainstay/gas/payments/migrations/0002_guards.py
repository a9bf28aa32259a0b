"""Money received is never rewritten; cheques, receipt books and consents are never deleted."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, BlockRange, NoDelete, SetwiseForeignKey


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_tables"), ("customers", "0002_guards"), ("billing", "0002_guards")]
    operations = [
        AppendOnly("payments_payment"),
        AppendOnly("payments_allocation"),
        AppendOnly("payments_serial"),
        AppendOnly("payments_depositmove"),
        AppendOnly("payments_receiptslip", ["state", "reason"]),
        AppendOnly("payments_saleoverride"),
        NoDelete("payments_shift"),
        NoDelete("payments_cheque"),
        NoDelete("payments_receiptbook"),
        SetwiseForeignKey("payments_payment", ["account_id"], "customers_account"),
        SetwiseForeignKey(
            "payments_allocation", ["account_id", "period", "seq"], "billing_bill", ["account_id", "period", "seq"]
        ),
        BlockRange("payments_payment", "business_on"),
    ]

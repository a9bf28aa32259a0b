"""Addresses of this app."""

from django.urls import path

from mainstay.gas.bank.views import desk, journal, lines, withholding

app_name = "bank"
urlpatterns = [
    path("lines/", lines.LineList.as_view(), name="line_list"),
    path("lines/<int:pk>/", lines.LineDetail.as_view(), name="line_detail"),
    path("lines/<int:line>/change/", lines.LineSave.as_view(), name="line_change"),
    path("banks/", lines.BankList.as_view(), name="bank_list"),
    path("banks/new/", lines.BankSave.as_view(), name="bank_create"),
    path("banks/<int:pk>/", lines.BankDetail.as_view(), name="bank_detail"),
    path("banks/<int:pk>/change/", lines.BankSave.as_view(), name="bank_change"),
    path("banks/<int:pk>/cut/", lines.DayCut.as_view(), name="bank_cut"),
    path("banks/<int:pk>/settlement/", lines.SettlementCreate.as_view(), name="settlement_create"),
    path("banks/<int:bank>/line/", lines.LineSave.as_view(), name="line_create"),
    path("journal/", journal.EntryList.as_view(), name="entry_list"),
    path("journal/<int:bank>/<str:day>/<str:serial>/", journal.EntryDetail.as_view(), name="entry_detail"),
    path("days/", desk.DayList.as_view(), name="day_list"),
    path("statements/", desk.StatementList.as_view(), name="statement_list"),
    path("statements/new/", desk.StatementCreate.as_view(), name="statement_create"),
    path("statements/<int:pk>/", desk.StatementDetail.as_view(), name="statement_detail"),
    path("differences/", desk.DifferenceList.as_view(), name="difference_list"),
    path("differences/<int:pk>/", desk.DifferenceDetail.as_view(), name="difference_detail"),
    path("differences/<int:pk>/settle/", desk.DifferenceSettle.as_view(), name="difference_settle"),
    path("withholding/", withholding.WithholdingList.as_view(), name="withholding_list"),
    path("withholding/new/", withholding.WithholdingCreate.as_view(), name="withholding_create"),
    path("withholding/<int:pk>/", withholding.WithholdingDetail.as_view(), name="withholding_detail"),
    path("withholding/<int:pk>/file/", withholding.WithholdingFile.as_view(), name="withholding_file"),
    path("withholding/<int:pk>/return/", withholding.WithholdingReturn.as_view(), name="withholding_return"),
    path("agreements/", withholding.AgreementList.as_view(), name="agreement_list"),
    path("agreements/new/", withholding.AgreementCreate.as_view(), name="agreement_create"),
    path("agreements/<int:pk>/end/", withholding.AgreementEnd.as_view(), name="agreement_end"),
]

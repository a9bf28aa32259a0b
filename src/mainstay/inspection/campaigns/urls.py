"""Addresses of campaigns, and of what phones ask and send."""

from django.urls import path

from mainstay.inspection.campaigns.views import campaigns, groups, papers, phone, records

app_name = "campaigns"
urlpatterns = [
    path("", campaigns.CampaignList.as_view(), name="campaign_list"),
    path("new/", campaigns.CampaignCreate.as_view(), name="campaign_create"),
    path("<int:pk>/", campaigns.CampaignDetail.as_view(), name="campaign_detail"),
    path("<int:pk>/change/", campaigns.CampaignChange.as_view(), name="campaign_change"),
    path("<int:pk>/organisers/", campaigns.Organisers.as_view(), name="organisers"),
    path("<int:pk>/activate/", campaigns.Activate.as_view(), name="activate"),
    path("<int:pk>/review/", campaigns.Review.as_view(), name="review"),
    path("<int:pk>/reopen/", campaigns.Reopen.as_view(), name="reopen"),
    path("<int:pk>/close/", campaigns.Close.as_view(), name="close"),
    path("<int:pk>/plan/", papers.PlanPdf.as_view(), name="campaign_plan"),
    path("<int:pk>/groups/new/", groups.GroupSave.as_view(), name="group_save"),
    path("<int:pk>/groups/<int:group>/members/new/", groups.MemberSave.as_view(), name="member_save"),
    path("<int:pk>/groups/<int:group>/members/<int:member>/drop/", groups.MemberDrop.as_view(), name="member_drop"),
    path("<int:pk>/assign/", groups.Assign.as_view(), name="assign"),
    path("<int:pk>/plan-targets/", groups.PlanTargets.as_view(), name="plan_targets"),
    path("<int:pk>/late/", groups.Late.as_view(), name="late"),
    path("<int:pk>/targets/", records.AssignmentList.as_view(), name="assignment_list"),
    path("<int:pk>/board/", records.Board.as_view(), name="board"),
    path("assignments/<int:pk>/", records.AssignmentDetail.as_view(), name="assignment_detail"),
    path("assignments/<int:pk>/exempt/", records.Exempt.as_view(), name="exempt"),
    path("records/", records.RecordList.as_view(), name="record_list"),
    path("records/<int:pk>/", records.InspectionDetail.as_view(), name="inspection_detail"),
    path("records/<int:pk>/confirm/", records.Confirm.as_view(), name="confirm"),
    path("records/<int:pk>/pdf/", papers.RecordPdf.as_view(), name="record_pdf"),
    path("records/<int:pk>/docx/", papers.RecordDocx.as_view(), name="record_docx"),
    path("photos/<int:pk>/", papers.PhotoFile.as_view(), name="photo"),
    path("targets/", records.TargetList.as_view(), name="target_list"),
    path("targets/new/", records.TargetSave.as_view(), name="target_create"),
    path("targets/<int:pk>/", records.TargetDetail.as_view(), name="target_detail"),
    path("targets/<int:pk>/change/", records.TargetSave.as_view(), name="target_change"),
    path("targets/<int:pk>/label/", papers.TargetLabel.as_view(), name="target_label"),
    path("phone/packet/", phone.Packet.as_view(), name="phone_packet"),
    path("phone/numbers/", phone.Numbers.as_view(), name="phone_numbers"),
    path("phone/records/", phone.Records.as_view(), name="phone_records"),
    path("phone/records/<uuid:key>/", phone.Record.as_view(), name="phone_record"),
    path("phone/records/<uuid:key>/photos/<slug:digest>/", phone.RecordPhoto.as_view(), name="phone_photo"),
]

"""Addresses of campaigns, and of what phones ask and send."""

from django.urls import path

from mainstay.inspection.campaigns.views import phone

app_name = "campaigns"
urlpatterns = [
    path("phone/packet/", phone.Packet.as_view(), name="phone_packet"),
    path("phone/numbers/", phone.Numbers.as_view(), name="phone_numbers"),
    path("phone/records/", phone.Records.as_view(), name="phone_records"),
    path("phone/records/<uuid:key>/", phone.Record.as_view(), name="phone_record"),
    path("phone/records/<uuid:key>/photos/<slug:digest>/", phone.RecordPhoto.as_view(), name="phone_photo"),
]

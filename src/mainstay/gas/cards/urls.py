"""Addresses of this app."""

from django.urls import path

from mainstay.gas.cards import views

app_name = "cards"
urlpatterns = [
    path("", views.OrderList.as_view(), name="order_list"),
    path("<int:pk>/", views.OrderDetail.as_view(), name="order_detail"),
    path("accounts/<int:account>/", views.Desk.as_view(), name="desk"),
    path("accounts/<int:account>/tab/", views.AccountCards.as_view(), name="account_tab"),
    path("accounts/<int:account>/draft/", views.Draft.as_view(), name="draft"),
    path("accounts/<int:account>/from-advance/", views.FromAdvance.as_view(), name="from_advance"),
    path("<int:pk>/paper/", views.OrderPaper.as_view(), name="paper"),
    path("<int:pk>/pay/", views.Pay.as_view(), name="pay"),
    path("<int:pk>/written/", views.Written.as_view(), name="written"),
    path("<int:pk>/read/", views.ReadAgain.as_view(), name="read"),
    path("<int:pk>/void/", views.VoidOrder.as_view(), name="void"),
]

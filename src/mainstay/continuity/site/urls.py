"""Addresses of the site."""

from django.urls import path

from mainstay.continuity.site import views, views_board

app_name = "site"
urlpatterns = [
    path("", views.Declaration.as_view(), name="declaration"),
    path("board/", views_board.Board.as_view(), name="board"),
    path("board/wall/", views_board.Wall.as_view(), name="wall"),
    path("board/measure/<str:key>/", views_board.Evidence.as_view(), name="measure"),
    path("board/measure/<str:key>/look/", views_board.LookNow.as_view(), name="look"),
    path("board/finding/<int:pk>/accept/", views_board.Excuse.as_view(), name="excuse"),
]

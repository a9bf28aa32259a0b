"""Addresses of to-dos."""

from django.urls import path

from mainstay.core.todos import views

app_name = "todos"
urlpatterns = [
    path("", views.TodoList.as_view(), name="todo_list"),
    path("<int:pk>/", views.TodoDetail.as_view(), name="todo_detail"),
    path("<int:pk>/done/", views.Finish.as_view(), name="finish"),
    path("<int:pk>/take/", views.Take.as_view(), name="take"),
    path("<int:pk>/assign/", views.Assign.as_view(), name="assign"),
]

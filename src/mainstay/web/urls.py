"""Addresses of the page shell itself."""

from django.urls import path

from mainstay.web import gallery

app_name = "web"
urlpatterns = [
    path("gallery/", gallery.Gallery.as_view(), name="gallery"),
    path("gallery/list/", gallery.GalleryList.as_view(), name="gallery_list"),
    path("gallery/detail/", gallery.GalleryDetail.as_view(), name="gallery_detail"),
    path("gallery/form/", gallery.GalleryForm.as_view(), name="gallery_form"),
    path("gallery/steps/", gallery.GallerySteps.as_view(), name="gallery_steps"),
    path("gallery/result/", gallery.GalleryResult.as_view(), name="gallery_result"),
]

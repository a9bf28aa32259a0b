"""Addresses of checklists."""

from django.urls import path

from mainstay.inspection.checklists.views import checklists as views

app_name = "checklists"
urlpatterns = [
    path("", views.ChecklistList.as_view(), name="checklist_list"),
    path("new/", views.ChecklistCreate.as_view(), name="checklist_create"),
    path("import/", views.ChecklistImport.as_view(), name="checklist_import"),
    path("<int:pk>/", views.ChecklistDetail.as_view(), name="checklist_detail"),
    path("<int:pk>/draft/", views.VersionDraft.as_view(), name="version_draft"),
    path("<int:pk>/import/", views.ChecklistImport.as_view(), name="version_import"),
    path("versions/<int:pk>/", views.VersionDetail.as_view(), name="version_detail"),
    path("versions/<int:pk>/change/", views.VersionChange.as_view(), name="version_change"),
    path("versions/<int:pk>/publish/", views.VersionPublish.as_view(), name="version_publish"),
    path("versions/<int:pk>/withdraw/", views.VersionWithdraw.as_view(), name="version_withdraw"),
    path("versions/<int:pk>/xlsform/", views.VersionXlsform.as_view(), name="version_xlsform"),
    path("versions/<int:pk>/parts/new/", views.SectionSave.as_view(), name="section_create"),
    path("versions/<int:pk>/parts/<int:section>/", views.SectionSave.as_view(), name="section_change"),
    path("versions/<int:pk>/items/new/", views.ItemSave.as_view(), name="item_create"),
    path("versions/<int:pk>/items/<int:item>/", views.ItemSave.as_view(), name="item_change"),
    path("versions/<int:pk>/items/<int:item>/drop/", views.ItemDrop.as_view(), name="item_drop"),
]

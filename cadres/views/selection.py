"""The applicants of an open selection in the order of their totals."""

from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_GET

from cadres.actions.selection import ranked
from cadres.choices_supervision import Qualification
from cadres.models import Selection
from core.pages import page
from core.roles import READERS


@require_GET
@page(READERS)
def show_ranking(request, pk: int):
    rows = Selection.objects.visible_to(request.user).select_related("village__township", "filing")
    selection = get_object_or_404(rows, pk=pk)
    applicants = ranked(selection)
    qualified = [row for row in applicants if row.qualification == Qualification.QUALIFIED]
    steps = {
        "applied": len(applicants),
        "qualified": len(qualified),
        "examined": sum(row.exam_score is not None for row in qualified),
        "interviewed": sum(row.interview_score is not None for row in qualified),
        "chosen": sum(row.chosen for row in applicants),
    }
    context = {"selection": selection, "applicants": applicants, "steps": steps, "other": 100 - selection.exam_weight}
    return render(request, "cadres/selection.html", context)


urlpatterns = [path("selections/<int:pk>/ranking/", show_ranking, name="selection_ranking")]

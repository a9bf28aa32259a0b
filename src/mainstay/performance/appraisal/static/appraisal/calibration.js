// Calibration: the link to a person is dropped on a grade; the form that asks for the reason opens with that grade.
// Without a mouse the same is done from the person's page ("Change grade").
"use strict";
(() => {
  const person = /\/appraisal\/people\/(\d+)\/$/;
  const dropped = (event) => {
    const link = event.dataTransfer.getData("text/uri-list") || event.dataTransfer.getData("text/plain");
    return person.exec(link.split("#")[0].split("?")[0].trim());
  };
  const grade = (event) => event.target.closest("[data-grade]");
  document.addEventListener("dragstart", (event) => {
    const link = event.target.closest && event.target.closest("a");
    if (link && person.test(link.pathname)) document.body.classList.add("ms-dragging");
  });
  document.addEventListener("dragend", () => document.body.classList.remove("ms-dragging"));
  document.addEventListener("dragover", (event) => {
    if (grade(event) && document.body.classList.contains("ms-dragging")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const chip = grade(event);
    const found = chip && dropped(event);
    if (!found) return;
    event.preventDefault();
    location.assign(`/appraisal/people/${found[1]}/grade/?grade=${encodeURIComponent(chip.dataset.grade)}`);
  });
})();

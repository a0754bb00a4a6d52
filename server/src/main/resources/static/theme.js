// Sets the chosen colour scheme before anything is painted; without a choice the system's scheme holds.
(function () {
  "use strict";
  try {
    var chosen = localStorage.getItem("cambium-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.setAttribute("data-theme", chosen);
  } catch (refused) { /* no storage: the system's scheme holds */ }
})();

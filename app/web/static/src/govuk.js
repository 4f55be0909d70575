// The behaviour taken from GOV.UK Frontend. Every page works without it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  SkipLink,
  createAll,
} from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button, { preventDoubleClick: true });
[CharacterCount, Checkboxes, ErrorSummary, SkipLink].forEach((part) => createAll(part));

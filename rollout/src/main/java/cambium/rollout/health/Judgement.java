package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Verdict;

/// @param samples requests seen since the deployment
public record Judgement(Verdict verdict, long samples, Evidence evidence) {}

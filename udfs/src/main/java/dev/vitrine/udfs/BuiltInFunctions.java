package dev.vitrine.udfs;

import dev.vitrine.udfs.attention.AttentionDistance;
import dev.vitrine.udfs.attention.AttentionEntropy;
import dev.vitrine.udfs.attention.PreviousTokenScore;
import dev.vitrine.udfs.correlation.WeightedCorrelation;
import dev.vitrine.udfs.induction.DuplicateTokenScore;
import dev.vitrine.udfs.induction.InductionScore;
import dev.vitrine.udfs.induction.PrefixMatchingScore;
import dev.vitrine.udfs.mixing.AttentionNorms;
import dev.vitrine.udfs.mixing.Rollout;
import dev.vitrine.udfs.projection.LogitLens;
import dev.vitrine.udfs.projection.ProjectTokens;
import dev.vitrine.udfs.vector.CosineSimilarity;
import dev.vitrine.udfs.vector.Dot;
import dev.vitrine.udfs.vector.L2Distance;
import dev.vitrine.udfs.vector.L2Norm;
import dev.vitrine.udfs.vector.MeanVector;
import dev.vitrine.udfs.vector.VectorAdd;
import dev.vitrine.udfs.vector.VectorScale;
import dev.vitrine.udfs.vector.VectorSubtract;
import java.util.List;

/** The functions that come with Vitrine. */
public final class BuiltInFunctions implements FunctionPack {
    @Override
    public List<Class<?>> functions() {
        return List.of(
                AttentionDistance.class,
                AttentionEntropy.class,
                AttentionNorms.class,
                CosineSimilarity.class,
                Dot.class,
                DuplicateTokenScore.class,
                InductionScore.class,
                L2Distance.class,
                L2Norm.class,
                LogitLens.class,
                MeanVector.class,
                PrefixMatchingScore.class,
                PreviousTokenScore.class,
                ProjectTokens.class,
                Rollout.class,
                VectorAdd.class,
                VectorScale.class,
                VectorSubtract.class,
                WeightedCorrelation.class);
    }
}

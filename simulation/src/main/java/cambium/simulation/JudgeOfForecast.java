package cambium.simulation;

import cambium.simulation.traffic.Strain;
import java.time.Duration;

/// Who says in a forecast whether a version harms.
sealed interface JudgeOfForecast {

    /// One that is right, but says nothing before a cell has run a version for so long.
    record Right(Duration after) implements JudgeOfForecast {}

    /// The server's own judge, which reads the metrics of made-up cells.
    ///
    /// @param perSecond requests to each cell, on average
    /// @param harm what a harmful version adds
    record Real(double perSecond, Strain harm) implements JudgeOfForecast {
        /// Long enough to be the past that a cell is compared with.
        static final Duration PAST = Duration.ofHours(2);
    }

    /// For how long it may be looking at what was deployed last, so that looks must come often.
    default Duration patience() {
        return switch (this) {
            case Right(var after) -> after;
            case Real _ -> Duration.ofMinutes(30);
        };
    }
}

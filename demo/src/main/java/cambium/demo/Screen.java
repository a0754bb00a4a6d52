package cambium.demo;

/// Where the demo shows what happens. Used by one thread at a time.
interface Screen {
    /// A line that stays.
    void say(String line);

    /// The fleet as it is now, under one headline.
    void show(String headline, Moment moment);

    /// Leaves the cursor below everything that was shown.
    void end();
}

/// Fleet, policy, planner, health judge. Pure: JDK and a statistics library.
package cambium.rollout;

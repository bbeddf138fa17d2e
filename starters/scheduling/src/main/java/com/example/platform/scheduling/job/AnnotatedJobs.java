package com.example.platform.scheduling.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.example.platform.scheduling.job.SchedulingSettings.Policy;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the methods with {@link Job}.
 */
public final class AnnotatedJobs implements BeanPostProcessor {

	private final List<JobDefinition> found = new ArrayList<>();

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Map<Method, Job> methods = MethodIntrospector.selectMethods(AopUtils.getTargetClass(bean),
				(MethodIntrospector.MetadataLookup<Job>) (method) -> AnnotatedElementUtils.findMergedAnnotation(method,
						Job.class));
		methods.forEach((method, job) -> add(bean, method, job));
		return bean;
	}

	private synchronized void add(Object bean, Method method, Job job) {
		boolean takesRun = method.getParameterCount() == 1 && method.getParameterTypes()[0] == JobRun.class;
		if ((!takesRun && method.getParameterCount() > 0) || method.getReturnType() != void.class) {
			throw new IllegalStateException(method + " cannot be the job " + job.name()
					+ ": it must take a JobRun or nothing, and return nothing");
		}
		Method callable = AopUtils.selectInvocableMethod(method, bean.getClass());
		ReflectionUtils.makeAccessible(callable);
		found.add(new JobDefinition(job.name(), policy(method, job), (run) -> {
			try {
				callable.invoke(bean, takesRun ? new Object[] { run } : new Object[0]);
			}
			catch (InvocationTargetException ex) {
				ReflectionUtils.rethrowException(ex.getTargetException());
			}
		}));
	}

	private static Policy policy(Method method, Job job) {
		Policy policy = Policy.NONE;
		try {
			if (!job.cron().isEmpty()) {
				policy = policy.withCron(job.cron(), ZoneId.of(job.zone()));
			}
			else if (!job.fixedDelay().isEmpty()) {
				Duration delay = DurationStyle.detectAndParse(job.fixedDelay());
				policy = policy.withFixedDelay(delay);
			}
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			throw new IllegalStateException(
					"The schedule of the job " + job.name() + " at " + method + " is not one: " + ex.getMessage(), ex);
		}
		for (Overlap overlap : job.overlap()) {
			policy = policy.withOverlap(overlap);
		}
		for (CatchUp catchUp : job.catchUp()) {
			policy = policy.withCatchUp(catchUp);
		}
		return policy;
	}

	/**
	 * Returns what was found so far.
	 * @return a copy
	 */
	public synchronized List<JobDefinition> found() {
		return List.copyOf(found);
	}

}

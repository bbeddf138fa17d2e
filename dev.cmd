@echo off
rem Runs, tests and formats this repository; 'dev' alone prints help. This script finds a JDK, builds the launcher when
rem its sources changed, and hands over to it. What holds a path stands in quotes and outside of parentheses: a path may hold both.
setlocal
set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"
if not exist "%ROOT%\launcher\pom.xml" (
  echo There is no launcher beside this script. Clone the whole repository, and run the dev.cmd in it. 1>&2
  exit /b 1
)

set "JAVA="
for %%j in (java.exe) do set "JAVA=%%~$PATH:j"
rem Some set JAVA_HOME with quotes.
if defined JAVA_HOME set "JAVA_HOME=%JAVA_HOME:"=%"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
if not defined JAVA goto nojdk
if not exist "%JAVA%" goto nojdk
set "VERSION=0"
for /f "tokens=2,3" %%a in ('call "%JAVA%" -version 2^>^&1') do if "%%a"=="version" for /f "delims=.-+" %%v in ("%%~b") do set "VERSION=%%v"
if %VERSION% LSS 17 goto oldjdk
if not exist "%JAVA:~0,-8%javac.exe" goto nocompiler

rem Not in target\run, where the launcher builds while it runs. Maven itself tells what changed: it costs a few seconds, but Windows has no simple 'newer than'.
set "MAVEN=%ROOT%\mvnw.cmd"
for %%m in (mvn.cmd) do if not "%%~$PATH:m"=="" set "MAVEN=%%~$PATH:m"
"%JAVA%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto "%ROOT%/launcher/src/main/java/com/example/launcher/build/MavenRun.java" "%ROOT%\launcher\target" "%MAVEN%" -B -f "%ROOT%\pom.xml" -Prun -Drun.folder=target/dev -pl config-centre/protocol,launcher package 1>&2
if not errorlevel 1 goto run
if %ERRORLEVEL%==130 exit /b 130
if "%~1"=="up" exit /b 1
if not exist "%ROOT%\launcher\target\dev\launcher.jar" exit /b 1
echo The launcher built before goes on. 1>&2

:run
"%JAVA%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xms8m -Xmn4m -Xmx64m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -Xss512k -Ddev.root="%ROOT%" -jar "%ROOT%\launcher\target\dev\launcher.jar" %*
exit /b %ERRORLEVEL%

:nojdk
echo No JDK found: JAVA_HOME is "%JAVA_HOME%", and there is no java program there or on the PATH. 1>&2
goto install

:oldjdk
echo JDK 17 or newer is needed, but "%JAVA%" is version %VERSION%. 1>&2
goto install

:nocompiler
echo A JDK is needed, but "%JAVA%" belongs to a runtime without a compiler. 1>&2

:install
echo Install JDK 17 or newer and set JAVA_HOME to its folder. 1>&2
exit /b 1
